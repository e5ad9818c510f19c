"""Days in Ukrainian without a word for year: its full stop would meet a sentence's."""

DATE_FORMAT = "j E Y"
DATETIME_FORMAT = "j E Y, H:i"
TIME_FORMAT = "H:i"
MONTH_DAY_FORMAT = "j F"
