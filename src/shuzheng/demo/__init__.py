"""The demo (演示): invented people and firms who live ninety simulated days through the real actions.

``story`` is what the command line plays; ``settling`` makes the people, ``plots`` says what happens to whom,
``playing`` lets it happen in the order of time. Everything invented is marked ``synthetic``.
"""
