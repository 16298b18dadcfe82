from __future__ import annotations

from django.db import models


class Story(models.Model):
    title = models.CharField(max_length=200)
    body = models.TextField()
    is_out = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title


class Note(models.Model):
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="notes")
    text = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.text
