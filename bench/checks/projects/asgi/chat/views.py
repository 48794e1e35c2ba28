from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render

from chat.models import Room


@login_required
def rooms(request):
    return render(request, "chat/rooms.html", {"rooms": Room.objects.order_by("name")})


@login_required
def room(request, slug):
    found = get_object_or_404(Room, slug=slug)
    messages = found.messages.select_related("author").order_by("-sent_at")[:100]
    return render(request, "chat/room.html", {"room": found, "messages": messages})
