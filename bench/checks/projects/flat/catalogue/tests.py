from django.test import TestCase

from catalogue.models import Author, Book


class CatalogueTests(TestCase):
    def test_a_book_is_listed(self):
        author = Author.objects.create(name="Boris Vian", slug="boris-vian")
        Book.objects.create(title="Froth", slug="froth", author=author, price="9.90")
        self.assertContains(self.client.get("/", secure=True), "Froth")

    def test_the_probe_needs_no_host(self):
        self.assertEqual(self.client.get("/health/", headers={"host": "10.0.0.7"}).status_code, 200)
