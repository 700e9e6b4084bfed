"""OFD (开放版式文档, GB/T 33190-2016): a pure library that reads and writes; no Django, no database.

``package`` is the container, ``document`` reads what is in it, ``writer`` makes one, ``svg`` shows a page in a browser.
Names of elements are those of the standard; lengths are millimetres, as there.
"""
