from datetime import timedelta

from celery import shared_task
from django.core.mail import send_mail
from django.utils import timezone

from orders.models import Order


@shared_task
def remind_unpaid():
    overdue = Order.objects.filter(
        paid_at=None, reminded_at=None, created_at__lt=timezone.now() - timedelta(days=14)
    )
    for pk in overdue.values_list("pk", flat=True):
        remind.delay(pk)


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def remind(pk):
    # Marked first: a second run of the task finds nothing to do.
    if Order.objects.filter(pk=pk, reminded_at=None).update(reminded_at=timezone.now()):
        order = Order.objects.select_related("customer").get(pk=pk)
        send_mail(f"Order {order.reference}", "It is still to be paid.", None, [order.customer.email])
