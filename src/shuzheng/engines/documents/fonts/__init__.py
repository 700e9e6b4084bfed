"""Fonts for documents: whole Chinese families, found on any machine, and the few glyphs of them that a document carries.

A pure library. A fresh Debian has no Chinese font and nobody there may install one, so the families come with the Python
package ``pylopdf-fonts-zh-cn`` (Noto Serif SC and Noto Sans SC, OFL 1.1); an office that is licensed to use others puts
them into a folder.
"""
