"""The facts about one image, gathered from both halves: all that a rule ever sees."""
