"""Texts of one user in forty turns of a conversation over three days, and of a hundred users on one day."""

from __future__ import annotations

from collections.abc import Sequence

THREE_DAYS: Sequence[Sequence[str]] = (
    (
        "Hi! I moved to Bergen last week for a new job and I still live between boxes. Where would you start?",
        "The kitchen, probably. I like to cook in the evening, and so far I have eaten bread every night.",
        "I work as a nurse at the hospital on the hill. My first shift is on Monday and I am nervous about it.",
        "Mostly about the language. I understand people when they speak slowly, but nobody speaks slowly in an emergency.",
        "My sister Ann says that I worry too much. She lives in Oslo and visits me in June.",
        "We went hiking together every summer. I really like the mountains, the wetter the better.",
        "Do you know anything that dries boots overnight? Mine are still wet from Sunday.",
        "Newspaper worked for my grandmother too. I had forgotten that.",
        "I usually get up at six, so that I have an hour for myself before the shift.",
        "In that hour I want to learn Norwegian. Twenty words a day should be possible.",
        "I decided to write them on cards. I cannot remember what I only see on a screen.",
        "The harbour was beautiful this evening. I walked home along the water and felt calm for the first time since I came.",
        "I should call my mother. She asked three times this week whether I have made friends.",
        "Good night. Tomorrow I look at a used bicycle.",
    ),
    (
        "Good morning. It rains so hard that I put off the bicycle until noon.",
        "I bought it! It is green and much too heavy, but the brakes are new.",
        "What did I say about the cards yesterday? I want to begin with them today.",
        "Twenty words done. The hardest one was the word for thunderstorm.",
        "My neighbour knocked. She is called Ingrid, she is seventy and she brought waffles.",
        "I told her that I do not drink coffee, and she looked at me as if I had said that I do not breathe.",
        "I prefer tea, green in the morning and anything without caffeine in the evening.",
        "She plays chess with two friends on Thursdays and asked me to join them.",
        "I have not played since school. Is there an opening that is hard to get wrong?",
        "I will read about that one. I like to prepare, it makes me less nervous.",
        "The hospital sent the plan: three early shifts, two late ones, then two days off.",
        "Late shifts are bad for me. I cannot sleep before two when I come home at eleven.",
        "Maybe no screens after work, and the window open. I try that on Wednesday.",
    ),
    (
        "First shift tomorrow. I ironed the uniform twice.",
        "I am afraid that I will not find the ward. The building has nine floors and two of them are called the third.",
        "You are right, I could walk through it today. Visitors are allowed until eight.",
        "Done! A porter showed me the way, and he speaks slowly by nature.",
        "His name is Leif and he climbs. There is a hall near the station, he goes there every Tuesday.",
        "I used to climb as a student. My hands remember it, the rest of me does not.",
        "I decided to go on Tuesday. If I do not like it, I have at least met somebody.",
        "What was the name of my neighbour's game again, and on which day do they play?",
        "I called my mother and told her about Ingrid and Leif. She cried a little, from relief I think.",
        "Do you think that it is too early to call this home?",
        "That is a good way to see it. The boxes are gone, and I know where the light switch is in the dark.",
        "Forty words of Norwegian by now. I dreamt one of them.",
        "Thank you. I go to bed now, with the window open.",
    ),
)

_WORK = ("nurse", "teacher", "carpenter", "librarian", "driver", "cook", "gardener", "engineer", "painter", "baker")
_PLACES = ("Bergen", "Lyon", "Porto", "Graz", "Turku", "Ghent", "Gdansk", "Zagreb", "Seville", "Leeds")


def day_of(number: int) -> list[str]:
    """Return the messages of user `number` on a day: four, each of which is answered."""
    work, place = _WORK[number % 10], _PLACES[number // 10 % 10]
    return [
        f"I work as a {work} in {place}, and today was long: we were two people short from {6 + number % 4} in the morning on.",
        f"In the break I sat by the river with person {number} from upstairs. I really like that place, even in the rain.",
        f"I decided to take the train to my parents on the {1 + number % 28}th, and to stay for {2 + number % 5} days.",
        f"I usually read before I sleep, at the moment about the year {1500 + number * 3}. It makes me calm.",
    ]
