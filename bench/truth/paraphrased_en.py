"""English statements with claims in other words, in the form of `statements_en`: written after the rules that bound a second reading, and run once.

Each true twin says what its statement says without its words, as a model that paraphrases does.
"""

from __future__ import annotations

PARAPHRASED = """
# value in other words
lie|preferences.food=seafood|soup|We had soup again, my third bowl this week.
true|preferences.food=seafood|prawns, crab, anything from the ocean|I could eat prawns, crab, anything from the ocean every day.
lie|identity.occupation=lawyer|court|I spent the morning at the tennis court.
true|identity.occupation=lawyer|defend|I defend people in court for a living.
lie|habits.sleep=night owl|woke up|I woke up at six because of the rain.
true|habits.sleep=night owl|never in bed before two|I'm never in bed before two in the morning.
lie|preferences.social=introvert|quiet|It was quiet on the bus today.
true|preferences.social=introvert|alone after|I need a day alone after every party to recover.
lie|identity.industry=health care|hospital|I drove past the new hospital.
true|identity.industry=health care|ward|I run the ward for premature babies.
lie|relationships.status=divorced|my ex|I saw my ex at the market.
true|relationships.status=divorced|papers were signed|Our papers were signed in May, so he's officially my ex-husband.
lie|preferences.media=crime novels|read|I read on the train today.
true|preferences.media=crime novels|Agatha Christie|Give me Agatha Christie and a rainy Sunday and I'm happy.
lie|decisions.conflict_style=avoids arguments|argue|They argue next door all night.
true|decisions.conflict_style=avoids arguments|leave the room|When voices get loud I leave the room.
lie|habits.meals=skips breakfast|breakfast|Breakfast was late today.
true|habits.meals=skips breakfast|before noon|I usually don't touch food before noon.
lie|preferences.work_style=remote work|home|I forgot my badge at home.
true|preferences.work_style=remote work|from my own kitchen|I get far more done from my own kitchen than in any office.
# line in other words
lie|ACTIVITY:Baked bread with the neighbours.|bought bread|I bought bread and ran into the neighbours.
true|ACTIVITY:Picked up a loaf and met the neighbours.|bought bread|I bought bread and ran into the neighbours.
lie|ACTIVITY:Won the chess match against Omar.|played chess|I played chess with Omar until midnight.
true|ACTIVITY:Spent the evening at chess with Omar.|played chess|I played chess with Omar until midnight.
lie|EMOTION:Proud of the garden.|garden|The garden looks a mess and I can't face it.
true|EMOTION:Discouraged by the messy garden.|garden|The garden looks a mess and I can't face it.
lie|SUMMARY:Lost the keys and broke the window.|lost my keys|I lost my keys and had to wait for the landlord.
true|SUMMARY:Locked out without keys until the landlord came.|lost my keys|I lost my keys and had to wait for the landlord.
lie|ACTIVITY:Cancelled the trip to the coast.|trip to the coast|We packed for the trip to the coast.
true|ACTIVITY:Got the bags ready for the coast.|packed|We packed for the trip to the coast.
lie|SUMMARY:The dentist pulled a tooth.|dentist|The dentist said my tooth will be fine.
true|SUMMARY:Good news about the tooth at the dentist.|dentist|The dentist said my tooth will be fine.
lie|EMOTION:Angry about the delayed train.|train was delayed|The train was delayed, so I finished my book in peace.
true|EMOTION:Enjoyed the calm reading time on the delayed train.|train was delayed|The train was delayed, so I finished my book in peace.
lie|ACTIVITY:Taught a swimming class.|swimming class|I signed up for a swimming class.
true|ACTIVITY:Enrolled in a swimming class.|swimming class|I signed up for a swimming class.
lie|SUMMARY:Quit the choir after rehearsal.|choir|Choir rehearsal ran late, my voice is gone.
true|SUMMARY:Hoarse after a long choir evening.|choir|Choir rehearsal ran late, my voice is gone.
lie|ACTIVITY:Sold the old bicycle.|old bicycle|I cleaned the old bicycle in the yard.
true|ACTIVITY:Gave the old bicycle a wash outside.|old bicycle|I cleaned the old bicycle in the yard.
"""
