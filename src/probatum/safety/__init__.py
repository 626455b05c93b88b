"""What stands before and after every method: dangerous requests, emergencies, a patient's facts, uncited doses."""
