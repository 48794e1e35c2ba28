from django.conf import settings
from django.db import models


class Room(models.Model):
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    picture = models.ImageField(upload_to="rooms/", blank=True)

    def __str__(self):
        return self.name


class Message(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    text = models.CharField(max_length=2000)
    sent_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["sent_at"]
