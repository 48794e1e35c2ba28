"""Long lists, a page at a time."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """20 a page; up to 100 with ``?page_size=``."""

    page_size_query_param = "page_size"
    max_page_size = 100
