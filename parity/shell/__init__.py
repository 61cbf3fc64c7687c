"""Shell text -> what it would run, in order. Knows neither Docker nor Python."""
