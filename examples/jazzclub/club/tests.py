import shutil
import tempfile
from io import BytesIO

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase, override_settings
from django.urls import reverse
from PIL import Image

from .models import Concert, GuestbookEntry

MEDIA = tempfile.mkdtemp()


def photo(name="stage.png", side=8):
    content = BytesIO()
    Image.new("RGB", (side, side), "navy").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


class ProgrammeTests(TestCase):
    def test_next_concert_comes_first(self):
        response = self.client.get(reverse("programme"))
        self.assertEqual(response.context["next_concert"], Concert.objects.upcoming().first())
        self.assertContains(response, "An evening of clouds")

    def test_works_without_concerts(self):
        Concert.objects.all().delete()
        self.assertContains(self.client.get(reverse("programme")), "The stage is dark")

    def test_every_concert_and_musician_has_a_page(self):
        for concert in Concert.objects.all():
            for page in [concert, *concert.line_up.all()]:
                self.assertContains(self.client.get(page.get_absolute_url()), page)


@override_settings(MEDIA_ROOT=MEDIA)
class GuestbookTests(TestCase):
    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(MEDIA, ignore_errors=True)
        super().tearDownClass()

    def sign(self, **fields):
        return self.client.post(
            reverse("guestbook"), {"name": "Ana", "message": "Lovely."} | fields
        )

    def test_signing_with_a_photo(self):
        self.assertRedirects(self.sign(photo=photo()), reverse("guestbook"))
        entry = GuestbookEntry.objects.get(name="Ana")
        self.assertContains(self.client.get(reverse("guestbook")), entry.photo.url)

    def test_refuses_what_is_not_a_photo(self):
        script = SimpleUploadedFile("page.svg", b"<svg/>", "image/svg+xml")
        for upload in [script, photo("photo.gif")]:
            self.assertTrue(self.sign(photo=upload).context["form"].has_error("photo"))

    def test_hidden_entries_stay_hidden(self):
        GuestbookEntry.objects.update(is_public=False)
        self.assertNotContains(self.client.get(reverse("guestbook")), "A neighbour")


class AdminTests(TestCase):
    def test_staff_can_hide_an_entry(self):
        staff = get_user_model().objects.create_superuser("django", password="nuages")
        self.client.force_login(staff)
        self.assertContains(self.client.get("/admin/club/guestbookentry/"), "A neighbour")
