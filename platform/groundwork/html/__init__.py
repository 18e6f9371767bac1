"""What every page is made of: words of time and money, the line, pictures, forms, paging, manners at the
door.

Offers the template builtins (tags.py), the form renderer, keyset paging and three middlewares. It knows
no domain: what it shows is handed to it. Never looks anything up in the database by itself.
"""
