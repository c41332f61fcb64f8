"""What all parts of Metta share: tools, system settings, errors; finding recipes and reading their settings."""
