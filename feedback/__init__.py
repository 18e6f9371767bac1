"""WHAT COMES BACK: official answers with status, reason and date, and commitments with a clock.

It offers the method "answer" and the board of commitments.
It never changes what people wrote; it only answers and moves the stage of what was answered.
"""
