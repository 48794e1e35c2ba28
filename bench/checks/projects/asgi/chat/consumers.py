from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from chat.models import Message, Room


class ChatConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self):
        if not self.scope["user"].is_authenticated:
            await self.close(code=4401)
            return
        self.slug = self.scope["url_route"]["kwargs"]["slug"]
        await self.channel_layer.group_add(f"room.{self.slug}", self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        if hasattr(self, "slug"):
            await self.channel_layer.group_discard(f"room.{self.slug}", self.channel_name)

    async def receive_json(self, content):
        text = str(content.get("text", ""))[:2000]
        await self.keep(text)
        await self.channel_layer.group_send(f"room.{self.slug}", {"type": "said", "text": text})

    async def said(self, event):
        await self.send_json({"text": event["text"]})

    @database_sync_to_async
    def keep(self, text):
        room = Room.objects.get(slug=self.slug)
        Message.objects.create(room=room, author=self.scope["user"], text=text)
