"""Reports as text for people and as data for machines: functions from values to text."""
