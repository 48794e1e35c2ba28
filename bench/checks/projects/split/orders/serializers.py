from rest_framework import serializers

from orders.models import Order


class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["id", "reference", "amount", "note", "paid_at", "created_at"]
        read_only_fields = ["paid_at", "created_at"]
