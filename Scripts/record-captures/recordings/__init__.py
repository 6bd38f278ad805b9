"""What is recorded: one module for each kind of session."""

from . import addresses, broken_proxies, chat, closes, compression, frames, http_beside, idle, refusals, subprotocols

_MODULES = (chat, frames, compression, closes, refusals, http_beside, subprotocols, addresses, idle, broken_proxies)

ALL = [recording for module in _MODULES for recording in module.RECORDINGS]
