"""Addresses of programs that are told what happens: signed, repeated while they are away, and never more than anybody sees."""
