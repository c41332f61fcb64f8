"""What all parts of Metta share: tools, system settings, errors."""
