"""A sandbox SMS centre (沙箱短信中心): takes SMS over HTTP and over CMPP 3.0, sends receipts, and fails on demand.

It shares no code with the platform's clients, so that a misreading of the protocol cannot cancel itself out.
``python -m shuzheng.sandbox.smsc --http 9200 --cmpp 7890 --callback http://127.0.0.1:8000/api/messaging/receipts/sandbox``
"""
