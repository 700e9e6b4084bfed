"""A package, so that its tests can share rows: pytest keeps ``scope="package"`` to folders that are one."""
