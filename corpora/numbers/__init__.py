"""Numbers and dates as the five languages write them: digits, scales, words, months, weekdays."""
