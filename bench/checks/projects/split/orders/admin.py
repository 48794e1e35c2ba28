from django.contrib import admin

from orders.models import Order


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ["reference", "customer", "amount", "paid_at"]
    list_select_related = ["customer"]
    raw_id_fields = ["customer"]
