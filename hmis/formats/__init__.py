"""How dates are written: FORMAT_MODULE_PATH of the settings."""
