"""Electronic archives (电子文件归档): packages that prove themselves, retention, destruction, transfer and backup."""
