# screens

screens-cockpit = Cockpit
screens-live = live
screens-not-live = The connection is lost; the figures may be old
screens-received = Received today
screens-closed = Closed today
screens-open = Open
screens-soon = Due soon
screens-overdue = Overdue
screens-jobs = Failed background jobs
screens-share = Share with at most one visit
screens-share-of = { $n } closed this month
screens-share-none = Nothing was closed this month yet
screens-ratings = Ratings this month
screens-level = Level
screens-count = Count
screens-drawn = drawn
screens-flow = Received in the last 14 days
screens-table = Table
screens-day = Day
screens-overdue-none = Nothing is overdue
screens-soon-none = Nothing is due soon
screens-alarms = Newest alarms
screens-alarms-none = No alarms
