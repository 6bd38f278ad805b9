"""What is recorded: one module for each kind of session."""

from . import chat

ALL = [*chat.RECORDINGS]
