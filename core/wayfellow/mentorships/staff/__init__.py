"""Let coordinators propose pairs by hand, have the last word on those that agreed, and take proposals back."""
