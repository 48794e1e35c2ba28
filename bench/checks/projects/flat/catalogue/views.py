from django.views.generic import DetailView, ListView

from catalogue.models import Book


class BookList(ListView):
    queryset = Book.objects.select_related("author")
    paginate_by = 50


class BookDetail(DetailView):
    queryset = Book.objects.select_related("author")
