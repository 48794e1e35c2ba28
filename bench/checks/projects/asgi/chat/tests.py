from django.test import TestCase


class ChatTests(TestCase):
    def test_rooms_need_an_account(self):
        self.assertEqual(self.client.get("/", secure=True).status_code, 302)
