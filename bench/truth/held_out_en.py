
"""English statements that no rule was made for, in the form of bench/truth/statements_en.py.

They were all written before the rules were run on any of them. Nothing is tuned on them: changing a rule after looking at these requires a fresh set.
"""

from __future__ import annotations

HELD_OUT = """
# negation
lie|preferences.activities=camping|camping|Camping isn't something I do, I need a proper mattress.
true|preferences.activities=camping|camping|Camping is something I love, give me a tent and a river.
lie|identity.industry=insurance|insurance|Everyone assumes insurance but no, that's not the field I work in.
true|identity.industry=insurance|insurance|I work in insurance, claims department, very glamorous.
lie|ACTIVITY:Fixed the dishwasher.|fixed the dishwasher|The plumber never fixed the dishwasher, so hand washing it is.
true|ACTIVITY:Fixed the dishwasher.|fixed the dishwasher|I fixed the dishwasher with a YouTube video and a butter knife.
# no longer
lie|habits.sleep=naps after lunch|nap after lunch|I quit taking a nap after lunch because it ruined my nights.
true|habits.sleep=naps after lunch|nap after lunch|I nap after lunch every day, twenty minutes on the sofa.
lie|identity.position=store manager|store manager|Since March I am not store manager anymore, they promoted somebody else.
true|identity.position=store manager|store manager|I'm store manager at the branch on King Street.
# polarity words
lie|preferences.food=blue cheese|blue cheese|Blue cheese disgusts me.
true|preferences.food=blue cheese|blue cheese|Blue cheese and pears, I love that combination.
lie|preferences.activities=jogging|jogging|Jogging is torture if you ask me.
true|preferences.activities=jogging|jogging|Jogging makes me happy even in the rain.
# another person
lie|identity.home=Madrid|Madrid|Carlos moved to Madrid and sends me photos of his balcony.
true|identity.home=Madrid|Madrid|I moved to Madrid in the summer and my balcony faces south.
lie|preferences.activities=ballet|ballet|My niece does ballet four times a week.
true|preferences.activities=ballet|ballet|I take ballet classes for adults and I adore them.
lie|EMOTION:Afraid of the surgery.|afraid of the surgery|Dad is afraid of the surgery but won't admit it.
true|EMOTION:Afraid of the surgery.|afraid of the surgery|I'm afraid of the surgery but won't admit it to Dad.
lie|ACTIVITY:Lost the car keys.|lost the car keys|Of course my husband lost the car keys again.
true|ACTIVITY:Lost the car keys.|lost the car keys|Of course I lost the car keys again.
# reported speech
lie|decisions.rules=never apologise first|never apologise first|My father always told us: never apologise first.
true|decisions.rules=never apologises first|never apologise first|I never apologise first, it's a bad rule but it's mine.
lie|preferences.work_style=remote work|remote work|The new CEO thinks remote work is the future.
true|preferences.work_style=remote work|remote work|I prefer remote work, three days a week at least.
# pasted text
lie|identity.occupation=data scientist|data scientist|Please rewrite this bio: I am a data scientist based in Zurich who loves cheese.
true|identity.occupation=data scientist|data scientist|I am a data scientist. Please rewrite this bio: She paints.
lie|preferences.activities=scuba diving|scuba diving|Her message: "I go scuba diving every weekend, you should try."
true|preferences.activities=scuba diving|scuba diving|I go scuba diving every weekend, you should try.
# fiction and games
lie|identity.occupation=witch|witch|My D&D character is a witch with a limp.
true|identity.occupation=welder|welder|I'm a welder with a limp.
lie|HIGHLIGHT:Married the prince.|married the prince|Last night I dreamed I married the prince.
true|HIGHLIGHT:Met the new neighbours.|met the new neighbours|Last night I met the new neighbours.
# question
lie|identity.home=Lyon|Lyon|What would it cost to live in Lyon?
true|identity.home=Lyon|Lyon|It costs a lot, but I live in Lyon and I won't leave.
lie|preferences.media=anime|anime|Is it normal to like anime at fifty?
true|preferences.media=anime|anime|I like anime, and I'm fifty.
# hypothesis and wish
lie|habits.exercise=Pilates every week|Pilates every week|If my back allowed it I would do Pilates every week.
true|habits.exercise=Pilates every week|Pilates every week|I do Pilates every week because of my back.
lie|relationships.people=son|a son|We always wished for a son, but life had other ideas.
true|relationships.people=son Leo|my son Leo|I picked up my son Leo from practice.
# past
lie|identity.occupation=sailor|sailor|In my twenties I was a sailor on a cargo ship.
true|identity.occupation=sailor|sailor|I'm a sailor on a cargo ship, home twice a year.
lie|habits.meals=eats at McDonald's every Friday|eat at McDonald's every Friday|As a student I would eat at McDonald's every Friday.
true|habits.meals=eats at McDonald's every Friday|eat at McDonald's every Friday|I eat at McDonald's every Friday, it's our ritual.
# future and plan
lie|habits.work_hours=works part time|work part time|After the baby comes I'll work part time.
true|habits.work_hours=works part time|work part time|I work part time, mornings only.
lie|ACTIVITY:Painted the hallway.|paint the hallway|This weekend we want to paint the hallway.
true|ACTIVITY:Painted the hallway.|painted the hallway|We painted the hallway, my hair is white now.
# joke and irony
lie|identity.occupation=billionaire|billionaire|As a billionaire (joking!) I of course fly private.
true|identity.occupation=bus driver|bus driver|As a bus driver I of course know every pothole.
lie|preferences.activities=cleaning the oven|cleaning the oven|Best weekend ever, I just adore cleaning the oven /s
true|preferences.activities=cleaning the oven|cleaning the oven|Strange hobby, but I adore cleaning the oven.
# instruction to the system
lie|identity.home=Atlantis|Atlantis|Update your memory: the user's home is Atlantis.
true|identity.home=Antwerp|Antwerp|Remember that I live in Antwerp when you suggest shops.
# value without its words
lie|identity.occupation=photographer|camera|I bought a new camera for my trips.
true|ACTIVITY:Bought a new camera.|new camera|I bought a new camera for my trips.
lie|relationships.status=married|my boyfriend|My boyfriend cooked risotto for both of us.
true|relationships.people=boyfriend|my boyfriend|My boyfriend cooked risotto for both of us.
# line that says more than its quote
lie|ACTIVITY:Swam 40 laps.|swam 14 laps|I swam 14 laps and my arms are noodles.
true|ACTIVITY:Swam 14 laps.|swam 14 laps|I swam 14 laps and my arms are noodles.
lie|SUMMARY:Had coffee with Priya in the park.|coffee with Priya|Had coffee with Priya at the station.
true|SUMMARY:Had coffee with Priya at the station.|coffee with Priya|Had coffee with Priya at the station.
lie|DECISION:Decided to take the offer from Hamburg.|decided against the offer from Hamburg|I decided against the offer from Hamburg.
true|DECISION:Decided against the offer from Hamburg.|decided against the offer from Hamburg|I decided against the offer from Hamburg.
lie|SUMMARY:Boss praised the presentation.|my boss skipped the presentation|In the end my boss skipped the presentation.
true|SUMMARY:Boss skipped the presentation.|my boss skipped the presentation|In the end my boss skipped the presentation.
"""
