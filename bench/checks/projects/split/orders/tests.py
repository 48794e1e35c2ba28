from django.test import TestCase


class OrderTests(TestCase):
    def test_orders_need_an_account(self):
        self.assertIn(self.client.get("/api/orders/").status_code, {401, 403})
