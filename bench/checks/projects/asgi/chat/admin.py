from django.contrib import admin

from chat.models import Room

admin.site.register(Room)
