"""Match mentors and mentees by the words they use."""
