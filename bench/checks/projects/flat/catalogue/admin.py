from django.contrib import admin

from catalogue.models import Author, Book


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name"]


@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    list_display = ["title", "author", "price"]
    list_select_related = ["author"]
    prepopulated_fields = {"slug": ["title"]}
