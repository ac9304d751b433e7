# ruff: noqa: E501 - tables of words read by their rows

"""English sentences that are evidently the user's own, and the wishes in them.

The tables are of folded text: lower case, plain apostrophes. Entries of a row are alternatives; a longer one stands before one that it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from jobs.rules.wishes.readings import MAX_CLAUSES, Ask, Clause, Kind, Reading, begin_alike, escape_names, has, pattern, skip, split_clauses, words_of

MAX_LIST_WORDS: Final = 4
"""Words of an item in an enumeration, such as "chess, long walks and jazz"."""

COURTESY: Final = (
    # greetings
    "good (?:morning|afternoon|evening|night)|morning|hello there|hey there|hi there|hello|hello again|hi|hey|heya|hiya|yo",
    "unilife",
    "how are you(?: doing)?(?: today)?|how's it going|what's up|just so you know|so you know|you know what",
    "thank you(?: so much| very much)?|thanks(?: so much| a lot| a bunch| again)?|many thanks|thx|ty|cheers mate|appreciate it",  # thanks
    "please|pls|plz|plss|kindly|if you can|if you could|if possible|when you can|for me|would you|will you|could you|can you",  # politeness
    # interjections
    "okay|ok|k|cool|great|nice|perfect|awesome|alright|all right|right|sure|yes|yeah|yep|yup|no|nope|well|oh|ah|hmm|hm|um|uh",
    "ugh|lol|haha|hahaha|hehe|phew|whoa|wow|yay",
    # turns
    "by the way|btw|fyi|anyway|anyways|actually|also|and|so|but|now|then|just|too|as well|one more thing|one last thing",
    "one thing|just one thing|another thing|before i forget|that's all|that's it|that's (?:right|true)",
    "(?:a |one )?(?:quick|small|little) (?:thing|update|one|note)|just an update|update|for the record|note to self|fun fact|heads up",
    # small talk
    "what a (?:long |crazy |busy |lovely |beautiful |nice |great |bad |terrible )?(?:day|week|morning|evening)",
    "(?:it was a |it's been a )?(?:long|crazy|busy|rough|nice|great) (?:day|week)(?: today)?",
    "(?:it's|it is|its) (?:so |very |really |pretty )?(?:hot|cold|warm|late|early|rainy|raining|sunny|snowing|windy)(?: (?:today|again|outside))*",
    "nice weather(?: today)?",
)
"""The words of which a sentence may consist that says nothing."""
LEADS: Final = (
    "do me a favou?r and|go ahead and|one more thing|it(?:'d| would) be (?:great|nice|good|cool|lovely) if you(?:'d| could| would| can)?",
    # questions that ask
    "(?:do|would) you mind|do you think you (?:could|can)|is it possible (?:for you )?to",
    "(?:can|could|would|will|cld|can't) (?:you|u|ya)",
    "(?:i|we)(?:'d| would)? (?:really )?(?:appreciate it if you(?:'d| could| would)?|(?:want|like|love|need) (?:you|u) to)",
    "id (?:like|love) (?:for )?(?:you|u) to|i'm asking you to|i wanted to ask you to|(?:i|we)(?:'d| would) (?:really )?(?:like|love) for (?:you|u) to",
    "(?:you|u) (?:should|must|can|may|might want to|need to|ought to|have to)(?: also| always| just)?",
    "make sure (?:to|you|that you)|be sure to|try to|let's|do|always|never ever(?= forget)",
    "for (?:the )?future(?: reference)?|from now on|in (?:the )?future|next time|for later|from today",  # since when
)
"""The words that may stand before those that ask, beside those of courtesy."""
_POLITE: Final = r"\b(?:do|would|can|could|will|cld|can't|is it)\b(?: \w+)? (?:you|u|ya|possible|to)\b|\b(?:okay|ok|please|pls)\s*$"
"""A wish that may end with a question mark."""

_ASKS_POLITELY: Final = r"\b(?:how are you|how's it going|what's up|(?:would|will|could|can) you|ok|okay|please)\b[\w ]*$"
"""Courtesy that may end with a question mark."""

_MEMORY: Final = r"(?:your|my|the) (?:long.?term )?(?:memory|memories|profile|notes?|records?|files?|brain|mind)"
_NOT_A_WISH: Final = r"(?! (?:to|when|how|who|where|why|whether|if|last|the (?:time|day|way|old|first))\b)"
"""Behind "remember": reminders and reminiscences."""
_REMEMBER: Final = (
    f"(?:remember|remeber|rember|rememeber|rmember|remmeber|rememebr|remembr|remebmer){_NOT_A_WISH}",  # with common slips
    f"(?:remembering|memori[sz]e|memori[sz]ing){_NOT_A_WISH}",
    "(?:here's )?(?:one|another|a) (?:more |last |other |new )?thing (?:to|you should) remember|things to remember|something to remember",
    r"(?:do not|don't|dont|don t|never|dnt) (?:ever )?(?:forget|forgt|froget)(?! to\b)",
    "(?:take|make|taking|making) (?:a )?(?:mental |quick |short |little )?note(?: of)?|note down|jot(?: \\w+)? down",
    "write (?:it |this |that )?down(?! (?:the|a) )|put (?:it |this |that )?(?:down|on record)",
    "(?:keep|bear|keeping) (?:it |this |that |the fact )?in (?:your )?(?:mind|memory)|keep (?:a |the )?(?:record|note|track) (?:of|that)",
    f"(?:add|save|store|log|record|put|keep) (?:this |that |it )?(?:to|in|into|on) {_MEMORY}",
    "(?:commit|committing) (?:this |that |it )?to (?:your )?memory|(?:save|store|record|log) (?:this|that|it|the fact)",
)
_REMEMBER_AROUND: Final = rf"(?:add|save|store|log|record|put|keep) (?P<object>[^,;:.]{{1,60}}?) (?:to|in|into|on) {_MEMORY}"
_DELETED: Final = (
    r"(?= (?:what (?:you|u)|that\b|it\b|this\b|the fact|everything|anything|my|the (?:bit|part|thing|entry)|"
    rf"[^,;:.]{{1,60}}? (?:from|in|out of|off) (?:{_MEMORY}|what you)))"
)
"""Behind "delete": something of the user's, or of what the assistant knows."""
_LISTS: Final = (
    r"(?:my|the) (?:list of )?(?:hobbies|interests|likes|dislikes|favou?rites|preferences|goals|habits|skills|languages|pets|favou?rite \w+)|my list(?: of \w+)?|"
    r"what (?:i|you know i) (?:like|love|do|eat|drink|enjoy|hate|play|speak)"
)
"""The parts of a profile, as users call them."""
_DIARY: Final = r"(?:diary|journal|summary|entry|entries|log)(?: (?:entry|entries))?"
_FORGET: Final = (
    r"(?:forget|forgt|froget|forgetting|unlearn|unremember)(?! to\b| (?:that )?(?:i|we) (?:\w+ )?(?:said|mentioned|told you|wrote|brought) (?:that|this|it|anything|so)\b)(?: about| everything about| all about)?",
    "(?:stop|quit|cease) (?:remembering|keeping|storing|knowing|thinking|believing|assuming|mentioning|bringing up|talking about|going on about)",
    "(?:stop|quit|cease) (?:asking (?:me )?about|reminding me (?:of|about))",
    "(?:do not|don't|dont|never|no longer) (?:ever )?(?:remember|keep|store|save|record|hold on to|memori[sz]e|mention|bring up|talk about)",
    "(?:do not|don't|dont|never) (?:ever )?(?:keep )?(?:mentioning|bringing up|ask me about|remind me (?:of|about))",
    "(?:i|we) (?:do not|don't|dont) want (?:you|u) to (?:remember|keep|know|store|save|mention|bring up|talk about|think)",
    "(?:i|we)(?:'d| would) rather (?:you|u) (?:forgot(?: about)?|did not (?:mention|remember)|didn't (?:mention|remember|bring up))",
    r"(?:scratch|cross out|strike out|take back|unsay)(?= (?:that (?:i|we|my|our)|what i|my|the (?:bit|part|thing|entry))\b)",
    f"(?:delete|remove|erase|wipe|clear|scrub|drop|discard|strike|purge|get rid of|throw out){_DELETED}",
)
_FORGET_AROUND: Final = (
    rf"(?:take (?P<taken>[^,;:.]{{1,60}}?) (?:out of|off) (?:{_MEMORY}|{_LISTS})|"
    rf"(?:delete|remove|erase|wipe|drop|strike) (?P<struck>[^,;:.]{{1,60}}?) (?:from|off|out of) (?:{_LISTS})|"
    rf"(?:keep|leave) (?P<left>[^,;:.]{{1,60}}?) (?:out of|off) (?:my|the|your|our) {_DIARY}|"
    rf"(?:do not|don't|dont|never) (?:write|put|note|log|record|include|mention|add) (?:down )?(?:about )?(?P<kept>[^,;:.]{{1,60}}?) (?:in|into|to) (?:my|the|your|our) {_DIARY})"
)
_ASKS: Final[tuple[tuple[Kind, Sequence[str], str], ...]] = (("REMEMBER", _REMEMBER, _REMEMBER_AROUND), ("FORGET", _FORGET, _FORGET_AROUND))
"""The words that ask, and those that stand around what they are about."""
_CONNECTORS: Final = "(?: (?:for me|please|pls|plz|for later|for next time|for good|forever|too|also|down))*(?: (?:that|the fact that))?"
_POINTS: Final = (
    "about (?:it|that|this)|that|this|it|these|those|the following|what i (?:just )?(?:said|told you|wrote)",
    "two|three|four|five|some|a few|few|several|things?|facts?|points?|stuff|about me|of|all",  # what it announces
    "for me|please|pls|plz|for later|for next time|for good|forever|always|from now on|now|in (?:your )?mind|down|as well|too",
    "okay|ok|will you|would you|can you|could you|thanks|thank you|thx|lol|haha|and|again|anymore|any more",
)
"""The words that follow those that ask where they only point at something."""
_ASKS_BEFORE: Final = "(?:(?:please|pls|plz|so|and|just|can you|could you) )*"
_ASKS_BEHIND: Final = "(?: (?:for me|please|pls|plz|thanks|thank you|thx|ok|okay|now|for later|for next time|too|lol))*$"
_REMEMBER_THAT: Final = r"(?:remember|note|keep|save|don't forget|never forget) (?:that|this|it)(?: down)?|keep (?:that|it) in mind|(?:please|pls|plz) remember"
_TRAILING: Final = (
    rf"(?<=\w) (?P<asks>{_ASKS_BEFORE}(?:{_REMEMBER_THAT})){_ASKS_BEHIND}",
    rf"(?<=\w) (?P<asks>{_ASKS_BEFORE}(?:forget|delete|erase|remove|drop) (?:that|this|it|about it)){_ASKS_BEHIND}",
)
"""Words that ask at the end of a clause without a comma, to remember and to forget."""
MAY_FORGET: Final = rf"{words_of(_FORGET)}|{_FORGET_AROUND}|\b(?:forget|delete|erase|remove|drop) (?:that|this|it|about it)\b"
"""The words of which each sentence with a wish to forget has some; most sentences have none."""

_FIRST_PERSON: Final = r"\b(?:i|im|ive|id|ill|my|me|mine|myself|we|our|us|ours)\b|\b(?:i|we)'|[我俺咱]"
_SECOND_PERSON: Final = r"\b(?:you|your|yours|yourself|u|ur|thou|thee|thy)\b|\byou'"
_TO_ASSISTANT: Final = (
    r"\b(?:i|i've|we) (?:just |already |ever |once )?(?:told|said to|mentioned to|gave) you\b",
    r"\b(?:you|u) (?:know|remember|have|had|stored|saved|noted|keep|kept|think|thought|learned|wrote)\b",
    r"\b(?:you|u) (?:can|should|may|could) call me\b|\b(?:want|like) you to call me\b",
    rf"\b{_MEMORY}",
)
"""The places in which "you" is the assistant."""
_TIMES: Final = (
    "(?:this|last|next|every|since) (?:morning|afternoon|evening|night|week|weekend|month|year|spring|summer|autumn|fall|winter)",
    "(?:this|last|next|every|since|on) (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?",
    "(?:this|last|next|every|since|in) (?:january|february|march|april|may|june|july|august|september|october|november|december)",
    "these days|today|yesterday|tonight|tomorrow|recently|lately|currently|nowadays|finally|honestly|sadly|luckily|sometimes",
    "usually|normally|at the moment|right now|at work|at home",
)
_BEFORE_SUBJECT: Final = (*COURTESY, *_TIMES, "because|since|as|though|still|still,|plus|ok so")
_ADVERBS: Final = (
    # auxiliaries
    "(?:do|does|did|have|has|had|was|were|can|could|will|would|should|must|is|are)n'?t|cannot|can't|cant|won't|do not|did not|would not",
    "will not|no longer",
    "am going to|was going to|used to|need to|have to|had to|want to|wanted to|try to|tried to|plan to|decided to|love to",
    "like to|hope to|will|would|can|could|should|must|do|did|have|had|'ve|'d|'ll",
    "rather|really|just|only|also|still|always|never|usually|often|finally|recently|already|totally|absolutely|kinda|mostly|sometimes",
    "now|actually|even|both|currently|probably|generally|normally|currently|literally|too",
)
_VERBS: Final = (
    "am|is|are|was|were|been|be|become|became|turned|turn|have|has|had|own|owned|belong",  # being and having
    # places
    "live|lived|lives|moved|move|moving|stay|stayed|grew up|grow|rent|rented|settled|come|came|go|went|gone|left|return",
    "returned|travel|travelled|traveled|visited|visit|flew|fly|drive|drove|commute|walk|walked|ride|cycle|cycled",
    # taste and wish
    "like|liked|likes|love|loved|loves|adore|enjoy|enjoyed|prefer|preferred|favor|hate|hated|hates|dislike|detest|loathe|stand",
    "tolerate|mind|want|wanted|need|needed|wish|crave|fancy|care",
    # work and study
    "work|worked|works|study|studied|studies|teach|taught|train|trained|retired|retire|quit|started|start|stopped|stop|began",
    "begin|finished|finish|changed|change|switched|switch|lost|lose",
    "(?<='ve )got|got (?:a new|a|my|married|divorced|promoted|engaged|fired|sick|tired|home|up|into)|graduated|passed|failed|applied|manage",
    "run|ran|joined|join",
    # food and habits
    "eat|ate|eaten|drink|drank|cook|cooked|bake|baked|avoid|avoided|fast|order|ordered|cut|gave up|give up|smoke|smoked|take",
    "took|use|used|wear|wore",
    # activities
    "sleep|slept|wake|woke|wake up|get up|exercise|exercised|swim|swam|hike|hiked|climb|climbed|dance|danced|jog|jogged|ski",
    "skied|lift|practice|practise|play|played|paint|painted|knit|garden|gardening|fish|surf",
    "speak|understand|learn|learned|learnt|bought|buy|sold|sell|adopted|adopt|broke|hurt|injured|caught|suffer|suffered",
    "married|divorced|separated|born|raise|raised|weigh|feel|felt|celebrate|celebrated|collect|save|earn|spend|spent|met up",
    "miss|turned",
)
"""The verbs of what the user is, has, does or likes. None of reading, writing, hearing, seeing, sending or finding."""
_SUBJECT: Final = r"(?:(?:i|we)(?=[ ']|$)|(?:im|ive|id|ill|i'm|i've|i'd|i'll|we're|we've|we'll|we'd)\b)"
_IS: Final = r"(?:im|i'm|i am|we're|we are)\b"
_OFTEN: Final = "so|really|very|now|already|still|just|also|back|kinda|pretty|finally|recently|only|usually|always|never|mostly|currently"
_LIFE_IS: Final = (
    "vegan|vegetarian|pescatarian|diabetic|pregnant|married|single|divorced|engaged|retired|unemployed|moving|travell?ing|new here",
    "tired|sleepy|exhausted|hungry|thirsty|busy|home|happy|excited|sick|ill|better|in (?:bed|love)|at (?:work|home|the gym|the office)",
    "on (?:a diet|holiday|vacation|my way|the train|the bus)|off to \\w+|going to (?:bed|sleep|work|the gym)|back",
    "a (?:dad|mom|mum|father|mother|nurse|teacher|student|doctor|vegan|vegetarian|beginner|\\w+er)",
)
"""Words after "I'm" in a statement about the user's life."""
_LIFE_DOES: Final = (
    # places and work
    "live|lived|moved|moving|work (?:at|in|as|from|for|nights)|worked|quit|retired|graduated|switched jobs",
    "changed (?:jobs|my (?:job|diet|mind))",
    "started (?:a new job|working|running|yoga|dancing|swimming|training|school|university)",
    "stopped (?:smoking|drinking|eating|working|running)",
    # what changed
    "got (?:a new job|married|divorced|engaged|promoted|fired|sick|home|up|a (?:dog|cat|puppy|kitten|car|bike))|lost my job",
    "turned \\d+",
    "had (?:a baby|dinner|lunch|breakfast|surgery|a (?:long|busy|great|nice|rough|good|bad|hard) (?:day|week|night))",
    # daily life
    "eat|ate|drink|drank|cook|cooked|bake|baked|sleep|slept|wake up|woke up|get up|exercise|exercised|walked|hiked|swam",
    "ran (?:a|\\d|to|my)",
    "went (?:to (?:bed|work|the gym|the doctor|the dentist|the beach)|home|running|hiking|swimming|shopping|for a (?:walk|run|swim|ride))",
    "go (?:to (?:bed|work|the gym)|running|hiking|swimming)|came (?:back|home)",
    "broke my \\w+|hurt my \\w+|bought a (?:new )?(?:car|house|flat|bike|boat)|sold my|adopted",
    "(?:feel|felt) (?:great|good|better|tired|sick|happy|fine|well)",
    "have (?:a day off|a cold|a fever|the flu|two kids|a (?:new )?(?:job|dog|cat|car|bike))",
    "(?:like|love|enjoy|hate|prefer|adore) (?!the |how |what |when |where |both |every |all |a |an )",  # taste, but of "the" something
)
"""Words after "I" in a statement about the user's life."""
_LIFE_NOT: Final = "like|love|enjoy|eat|drink|play|live|work|smoke|run|do|cook|own|have|stand|drive|use"
"""Words after "I don't" and "I used to"."""
_OF_LIFE: Final = (
    rf"(?:i'm|im|i am) (?:(?:{_OFTEN}) )*(?:{'|'.join(_LIFE_IS)})\b",
    rf"i(?:'ve|'ll| have| will)? ?(?:(?:{_OFTEN}) )*(?:{'|'.join(_LIFE_DOES)})(?:\b|(?<= ))",
    rf"i (?:don't|dont|do not|no longer|never|used to|can't|cant|cannot) (?:really )?(?:{_LIFE_NOT})\b",
)
"""The statements that may stand beside a wish of another content. What the user needs, has or learns may be about a text."""
_ITS_VERBS: Final = "is|are|was|were|has|have|had|lives|live|works|work|likes|loves|hates|studies|turns|turned|goes|moved|got|isn't|aren't|hasn't"
_MINE: Final = rf"(?:my|our)(?: [\w'-]+){{1,4}}?(?:'s)? (?:{_ITS_VERBS})\b"
"""The beginning of a statement about what is the user's: "my dog is"."""
_MINE_IS: Final = r"(?:my|our) (?:[\w'-]+ ){0,2}[\w-]+'s\b"

_LANGUAGES: Final = (
    "chinese|mandarin|cantonese|english|german|french|spanish|italian|japanese|korean|russian|portuguese|dutch|"
    "swedish|norwegian|danish|finnish|polish|turkish|arabic|hindi|latin|greek|hebrew|thai|vietnamese"
)
_FOREIGN: Final = (
    # texts and what they stand on
    "texts?|texted|mails?|e-?mails?|emailed|letters?|messages?|msgs?|sms|notes?|memo|articles?|posts?|posted|tweets?|comments?",
    "captions?|headlines?|quotes?|quoted|quotations?|sentences?|paragraphs?|lines?|phrases?|words?|lyrics|songs?|poems?|poetry",
    "verses?|prayers?|psalms?|story|stories|novels?|books?|chapters?|scripts?|subtitles?|transcripts?|chats?|logs?|documents?",
    "docs?|files?|pages?|websites?|sites?|links?|screenshots?|screens?|pictures?|images?|photos?|signs?|posters?|stickers?",
    "banners?|flyers?|leaflets?|ads?|adverts?|advertisements?|newsletters?|notices?|announcements?|labels?|titles?|headings?",
    "forms?|invoices?|receipts?|contracts?|terms|policy|clauses?|reviews?|forums?|threads?|blogs?|podcasts?|movies?|films?",
    "scenes?|dialogues?|dialogs?|episodes?|games?|characters?|exercises? \\d+|homework|worksheets?|assignments?|essays?",
    "examples?|templates?|drafts?|samples?|prompts?|instructions?|codes?|commands?|programs?|json|html|csv|slogans?|mottos?",
    "sayings?|proverbs?|horoscopes?|jokes?|memes?|riddles?|questions?|answers?|repl(?:y|ies)|conversations?|dictations?",
    "recordings?|voice|notifications?|fortune|cookie|tattoos?|inscriptions?|postcards?|speech|sermons?|diar(?:y|ies)|journal",
    "versions?|rhythm|ending|part|halves|half|number|style|tone|wording|language|rhymes?|role|resume|cv",
    # speaking, reading, sending, finding
    "say|says|saying|said|tell|tells|telling|told|ask|asks|asked|asking|write|writes|writing|wrote|written|read|reads|reading",
    "hear|heard|hears|listen|listening|listened|see|saw|seen|watch|watching|watched|send|sends|sent|sending|receive|received",
    "receives|find|finds|found|finding|forward|forwarded|copy|copied|paste|pasted|type|typed|print|printed|call|recite|recited",
    "sing|sang|sings|shout|shouted|scream|screamed|whisper|whispered|repeat|repeated|report|reported|claim|claimed|claims",
    "mention|mentioned|announce|announced|warn|warned|teaching|dictated|dictating|overheard|noticed|came across|stumbled",
    "showed|shows|show|look|looks|looking|got this|listed",
    # tasks on a text
    "translate|translates|translating|translation|summari[sz]e|summary|tl;?dr|paraphrase|rephrase|reword|rewrite|proof-?read",
    "correct|corrected|correction|check|fix|edit|explain|meaning|means?|meant|analy[sz]e|classify|continue|convert",
    "turn (?:this|it|that)|spell|spelled|spelling|pronounce|grammar|identify|guess|format|reformat|shorten|extend|improve",
    "polish(?! (?:food|sausage))|complete|compare|evaluate|rate|grade|respond|react",
    # judgement of a text
    "scam|spam|phishing|fake|legit|suspicious|virus|hacked|hackers?|weird|strange|odd|funny|cringe|creepy|confus\\w+|unsure",
    "wonder\\w*|curious|suspect|believe|trust|agree|disagree|laugh\\w*|scared|worried|puzzled|shocked|speechless|offended",
    "sense",
    _LANGUAGES,  # to translate to
    # what points at something else
    "this|that|these|those|it|its|here|there|below|above|following|preceding|something|someone|somebody|anything|thing|things",
    "stuff|whoever|he|she|they|him|his|her|hers|them|their|he's|she's|they're|it's|that's|one",
    "assistant|system|user|ai|bot|chatgpt|dear|sincerely|regards|yours|love,|xoxo|signed",  # forms of letters and of prompts
)
"""The words that make a sentence beside a wish one that may be about a text, or by another speaker."""
_LANGUAGE_KNOWN: Final = (
    r"(?:speak|speaking|fluent in|learn|learned|learnt|learning|study|studied|studying|understand|native|am|i'm|im|half)"
    r"(?: (?:a bit of|a little|some|fluent|basic))?(?: \w+(?:,| and))* $"
)
_OWN_SPEECH: Final = r"(?<!\bbeing )(?<!\bi ever )(?<!\bi )(?<!\bi've )(?<!\bi just )(?<!\bi already )(?<!\bwe )"
_REPORTING: Final = (
    # another speaker
    _OWN_SPEECH + r"\b(?:says|said|wrote|writes|tells|told|asked|asks|replied|shouts?|shouted|whisper(?:s|ed)|screamed|sang|sings|claims|claimed)\b",
    _OWN_SPEECH + r"\b(?:announced|warns|warned|reads|goes like|captioned|entitled|titled|signed|tweeted|commented|posted|emailed|texted)\b",
    # work on a text
    r"(?<!\bi )(?<!\bi also )\btranslate\b|\b(?:translat(?:es|ed|ion)|summari[sz]e|paraphrase|rephrase|rewrite|proof-?read|tl;?dr|spell|spelt|spelled|pronounce[ds]?)\b",
    r"\b(?:grammar|grammatical(?:ly)?|mean|means|meant|meaning|lyrics|captions?|subtitles?|screenshot|transcript|quotation|excerpt|slogan|punchline)\b",
    r"\b(?:scam|phishing|spam|hackers?|verse|stanza|chorus|refrain|unquote|end of (?:text|message|quote|mail|e-?mail))\b",
    # questions
    r"\b(?:do|did|does) (?:you|u|he|she|they)\b|\b(?:is|are|was|were) (?:this|that|it|these|those|he|she|they)\b",
    r"\bwhat(?:'s| is| does| do| did| was)\b|\bhow (?:do|does|would|should|can|could) \w+ (?:say|reply|answer|respond|put|write)\b",
    # languages and forms to put a text into
    r"(?<!fluent )(?<!interested )(?<!degree )\bin (?:simplified |traditional |plain |proper |good )?(?:" + _LANGUAGES + r")\b",
    r"\binto (?:" + _LANGUAGES + r")\b|\b(?:en francais|en espanol|auf deutsch|svp|por favor|bitte)\b",
    r"\b(?:as|into) an? (?:poem|haiku|limerick|song|rap|tweet|headline|joke|question|list|table|story|letter|e-?mail|text)\b",
    r"\bin (?:caps|capitals|bold|italics|lower ?case|upper ?case|rhymes?|verse|other words|short)\b",
    r"\bbut (?!i\b|i'|im\b|my\b|not\b|only\b|never\b|we\b|don't\b|can't\b|no\b)",
    r"\band other \w+|\bis an? (?:\w+ )?(?:thing|sentence|line|way|text|message|wish)\b",
    # texts and their parts
    r"\b(?:synonyms?|antonyms?|typos?|tenses?|adjectives?|formal(?:ly)?|informal(?:ly)?|true or false)\b",
    r"\b(?:e-?mails?|text messages?|sentences?|phrases?|paragraphs?|headlines?|mottos?|taglines?|posters?)\b",
    # what one says of a text
    r"\b(?:lol|lmao|rofl|omg|wtf|smh|ha(?:ha)+|he(?:he)+)\b(?= \w)|\b(?:sounds?|seems?) \w+",
    r"\b(?:random|cringe|weird|fake|hilarious|nonsense|legit|creepy)\b|\bwho (?:says|writes|talks|thinks|wrote|said)\b",
    # prompts and forms
    r"\b(?:the user|this user|assistants?|the reader|the customer|the patient|the employee|the applicant|the player)\b",
    # machines, adverts, law, scenes and the ends of letters
    r"\ban? (?:\w+ )?(?:ai|bot|chatbot|robot|machine|language model|llm)\b(?! (?!and\b|or\b|but\b)\w)|\b(?:powered|designed|built|made) (?:by|of|from)\b",
    r"\d ?%? off\b|\d ?(?:%|per ?cent\b)|\b(?:discount(?:s|ed)?|clicks?|subscribe|reserves?|hereby|liable|undersigned|pursuant)\b",
    r"\bwith (?:that|this|these words)\b|\bas (?:if|though|(?:(?!i\b)\w+ ){1,3}(?:would|did|does|might|could))\b|\bx{1,4}$|\bxo+\w*$",
    r"\b(?:dear|pal|buddy|folks|guys|everyone|everybody|darling|sweetheart|sweetie|babe|sir|madam)(?: \w+)?$",
    # manners of speaking
    r"\bin (?:the|a) (?:\w+ )?(?:style|voice|manner|tone|form|accent)\b|\bin (?:\w+ ){1,2}(?:" + _LANGUAGES + r")(?: please| pls)?(?:$|,)",
)
"""Words that a wish may not have itself."""
_MINE_BEGINS: Final = r"(?:(?:everything about|anything about|all about|about|that|how|both|all|one of|some of|each of|neither of|the \w+ of|a \w+ of)(?: of)? )*(?:my|our|mine)\b"
_MINE_ONLY: Final = r"^(?:about |how |what |where )(?:i|we|my|our)\b"
_PLACED: Final = (
    r"(?:on|in|at|after|before|when|if|every|for|until|since|during|with|from|as|unless|whenever)\b[^,]{1,40}?,? ?\b(?=(?:i|im|we|my|our)\b)"
)
_WHAT_IS_MINE: Final = (
    r"[\w' ]{1,40} (?:is|are|was|were|makes?|gives?|hurts?|helps?|scares?|bores?|works?|suits?|fits?|calms?|relaxes|tires?|upsets?|stresses?|annoys?) (?:\w+ ){0,2}(?:my|our|me|us)\b"
)
"""The beginnings of what is to be remembered: what is the user's, a time or a place before the user, or something of which it says that it is theirs."""
_WISH_VERBS: Final = (
    "get|got|read|write|watch|watched|sing|listen|see|saw|call|know|knew|think|thought|believe|fear|dread|pay|paid|support|follow|volunteer|coach",
    "restore|repair|juggle|sculpt|weave|crochet|mentor|employ|supervise|design|perform|compete|race|fence|wrestle|bike|foster|skip|donate|tutor|host|lead|serve|babysit|nap|shower|shave|dye|skate|kayak|dive|hunt|brew|grill|recycle|compost|lease",
    "invest|budget|meditate|pray|vote|commuted|keep|breed|build|built|make|made|draw|photograph|program|code|sew|sail|row|box|bowl|golf|camp|snore|stutter",
    "relax|unwind|recharge|rest(?! on\\b)|vent|cope|deal|shop|text|decide|value|respect|sign|tend to|cuddle|sketch|tidy|vape|gamble|date",
    "(?:handle|deal with|cope with)(?= (?:stress|conflicts?|pressure|criticism|anger|change|loss|money)\\b)|carry(?= (?:an?|my) (?:epi-?pen|inhaler|cane|stick|knife)\\b)",
    "identify|react|respond|allergic|struggle|hope|dream|aim|intend|plan|decided|do|did|can|could|met|meet|look after|care for|share|shared|lean|trust|bring",
)
"""The verbs that a wish itself may have beside those of statements."""
_JOINED: Final = r"[,;:]|\b(?:and|or|but|because|since|so|as|who|which|that|when|where|while|if|though|although|until|before|after|than|what|whose|how)\b"
"""The marks and words that divide a wish into parts with one verb each."""
_TAKES_NO_OBJECT: Final = (
    "of|at|in|for|with|from|to|on|by|near|like|into|onto|over|under|about|after|before|during|until|since|behind|between|around|through|without|against|off|up|"
    "out|and|or|but|as|than|not|also|just|still|now|really|both|all|only|half|quite|such|because|when|while|if|so|that|who|where|since|am|m|im|then|every|once|per|"
    "\\w+ing|\\w+ly"
)
"""The words before "the", "a" or "my" behind "I am"; behind others stands a verb of which the statement is the subject: "I am vegan made my aunt laugh"."""
_DETERMINER: Final = r"(?:the|an?|my|our|his|her|their)\b"
_TWICE: Final = (
    rf"^\W*(?:i am|i'm|im) (?:(?!(?:{_TAKES_NO_OBJECT}) {_DETERMINER})\w+ )*(?!(?:{_TAKES_NO_OBJECT}) )\w+ {_DETERMINER}",
    r"^\W*(?:i am|i'm|im) \w+ (?!(?:always|sometimes|perhaps|years|months|weeks|days|times|\w*ss|\w*us) )"
    r"\w+s (?:on|in|at|to|for|from|with|by|above|near|like)\b",
    r"^\W*(?:i|im|ive|we)\b(?! (?:think|feel|hope|guess|find|wish|know)\b)(?:'\w+)? (?:\w+ )*?(?<!\bi )(?<!\bwe )(?<!\balso )(?<!\bonly )(?:is|was|were|has)\b",
    r"^\W*(?:i am|i'm|im) an? \w+ (?:(?!(?:of|at|in|for|with|from|to|on|by|near|like)\b)\w+ ){0,2}"
    r"(?:an?|the|my|our|(?!is\b|\w*(?:ss|us) )\w+s (?:\w+ \w+|at|in|on|above|below|over|under|from|to|for|with|by|near|behind|all|very))\b",
    r"^\W*(?:my|our)\b.* (?:is|are|was|were) .*\b(?:is|was|were|are)\b",
)
"""A second verb, of which the statement itself is the subject: "I am a pilot is on the wall"."""
_STRANGER: Final = r"^(?:(?!\b(?:my|our|have|has|got|i'm|i've)\b).)*\b(?:he|she|they|him|her|his|them|their)\b"
"""Someone else of whom the wish has not spoken before."""
_ALSO: Final = r"\b(?:and|also|then|but|please|pls)\b"
"""The words that join two wishes; without them they are lines of a verse."""
_LIKES: Final = r"\b(?:i|we) (?:\w+ )?(?:like|love|enjoy|prefer|hate|collect)\b"
_LIKED: Final = r"(?<!\ba )(?<!\bthe )\b(?:films|movies|books|novels|games|comics|podcasts|poetry|songs|photos)\b"
"""Texts that may be an item in an enumeration of what the user likes."""
_ENUMERATES: Final = r"\b(?:and|or)\b|\d"
_LABEL: Final = r"(?:(?:a |one )?(?:quick|small|little|more|last) (?:thing|update|one|note)|one (?:more|last) thing|(?:just an? )?update|for the record|note to self|btw|by the way|fyi)"
"""A label that a user writes before a colon and a wish."""
_KEEPS: Final = rf"(?:{words_of(COURTESY)}[ ,]+)?(?:just )?(?:(?:mental )?note to self|for the record|for (?:your|the) (?:notes|records|files)|for (?:the )?future(?: reference)?)\b[ ,:]*(?=\w)"
"""A label that asks to keep the statement behind it."""
_REASONS: Final = (
    r"(?:it|that|this)(?:'s|s| is| was| were)?(?: (?:just|only|all|really))? (?:a joke|a lie|over|wrong|outdated|out of date|old(?: news)?|not true|no longer true|history|a mistake|past|behind me|done|finished|false)",
    r"(?:it|that) (?:has |is not |isn't )?(?:changed|ended|so|the case)|(?:i|we) (?:was|were) (?:only |just )?(?:joking|kidding|wrong)|just (?:joking|kidding)",
    r"(?:i|we)(?:'ve| have)? (?:just |already |recently |now )?(?:(?:gave|given) (?:it|that|them) up|(?:sold|quit|left|dropped|stopped|cancelled|canceled|finished|lost|ended|changed|deleted) (?:it|that|them|there))",
    r"(?:i|we|i've|we've) (?:just |already |recently |now |have )?(?:moved(?: away| out| back| on)?|quit|left|stopped|retired|changed my mind|broke up|split up)",
    r"(?:i|we)(?:'m|'re| am| are)? ?(?:no longer|not|do not|don't|dont|never)(?: [a-z']+){1,4}?|(?:i|we) (?:eat|drink|like|love|have|do|use|play|smoke) (?:it|that|them|meat|again)",
    r"(?:he|she|it|they)(?:'s| has| have| is| are)?(?: all| both)? (?:died|passed away|gone|left|dead|moved away|over)",
)
"""The reasons that a user gives after a wish to forget."""
_SAID_BEFORE: Final = r"^(?:that )?i (?:ever |just |once )?(?:said|mentioned|told you) (?:that |about )?"
_PRONOUNS: Final = r"(?<=pronouns are )(?:they|she|he|ze|xe)(?: ?/ ?\w+)+"
_WRONG: Final = r"^(?:that )?(?P<what>.+?) (?:is|was) (?:wrong|not true|no longer true|outdated|a mistake|false|over)$"
_LIFE: Final = (
    # food
    "cook|eat|dinner|lunch|breakfast|brunch|supper|snacks?|meals?|food|recipes|recipe (?:for|ideas?)|a recipe|drink",
    "restaurants?|cafes?|bake|desserts?|cake|ingredients?|protein|groceries",
    "weekend|tonight|holidays?|vacation|trip|travel|visit|hike|hiking|weather|festival|museum|beach|concerts?",  # free time
    "wear|gifts?|presents?|buy|exercise|workout|work out|train(?:ing)?|gym|run|running|yoga|sports?|sleep|relax|hobby|hobbies",
    "habits?|weight|diet|vitamins?|marathon|birthday|party|wedding|garden|plants?|dogs?|cats?|pets?|walk|commute|car|bike",
)
"""The topics of a question beside a wish."""
_ASKS_LIFE: Final = (
    r"(?:what|where|when|which|how|who)\b.*\b(?:i|we|me|my|us|our)\b",
    r"(?:what|how) about\b|(?:should|can|could|may|do|must|will|shall) (?:i|we)\b|(?:is|are) there\b",
    r"(?:do you (?:have|know)|have you got|got|any|some)\b.*\b(?:ideas?|tips?|suggestions?|recommendations?|recipes?|plans?|good)\b",
    r"(?:can|could|would|will) (?:you|u) (?:please )?(?:suggest|recommend|give me|find me|plan|help me (?:plan|find|choose|pick|cook))\b",
    r"(?:please )?(?:suggest|recommend|give me)\b",
)


_JOINTS: Final = (
    "and|or|but|because|since|so|as|though|although|not|except|especially|also|mostly|in|at|on|near|with|without|for|every|when|until|after|before|only|both|"
    "usually|too"
)
"""Words with which a statement goes on."""


def read(text: str, shown: str, names: Sequence[str]) -> Reading | None:
    """Return what a sentence is, or None if it may be another speaker's. `shown` has the same characters with upper case."""
    body = text.rstrip(" .!?~-,;")
    asked = "?" in text[len(body) :]
    clauses = _divide(body, split_clauses(body), names)
    if len(clauses) > MAX_CLAUSES:
        return None
    asks: list[Ask] = []
    stated: list[Literal["LIFE", "STATEMENT"]] = []
    led = False
    for number, clause in enumerate(clauses):
        if _is_courtesy(body, clause, names) or (asks and _is_pointing(body[clause.start : clause.end])):
            continue
        if not asks and skip(body[: clause.end], clause.start, _tokens((*LEADS, *COURTESY), names), " ") >= clause.end:
            led = True
            continue
        ask = _ask_at(body, clause, names) or (_trailing(body, clause) if _states(body, clause) else None)
        if ask is not None:
            if number and clause.before == ":" and not _is_labelled(body, clause):
                return None
            asks.append(ask)
            continue
        if asks:
            if asks[-1].kind == "FORGET" and ":" not in clause.before and _is_reason(body[clause.start : clause.end]):
                continue
            if _goes_on(body, shown, asks[-1], clause, clauses[number - 1]):
                asks[-1].end = clause.end
                continue
            if ":" in clause.before or _question(body[clause.start :], asked) is None:
                return None
            return _wish(body[: clauses[number - 1].end], False, asks, stated)
        state = _states(body, clause) or (stated[-1] if stated and _continues(body, clause) else None)
        if state is None and len(clauses) == 1 and not asked and _is_reason(body):
            return Reading("REASON")
        if state is None or clause.after.endswith(":"):
            return _question(body, asked) if not stated else None
        stated.append(state)
    if asks:
        return _wish(body, asked, asks, stated)
    if not stated:
        return None if led or (asked and not has(_ASKS_POLITELY, body)) else Reading("COURTESY")
    if asked:
        return _question(body, asked)
    label = pattern(_KEEPS).match(body)
    if label is not None and _is_own("REMEMBER", body[label.end() :]):
        return Reading("WISH", [Ask("REMEMBER", label.end(), len(body), [(0, label.end())])])
    return Reading("STATEMENT" if "STATEMENT" in stated else "LIFE")


def _is_labelled(body: str, clause: Clause) -> bool:
    """Return whether nothing but a label such as "one more thing" stands before a wish and its colon."""
    return has(rf"^(?:{words_of(COURTESY)}[ ,]+)?{_LABEL}\s*:\s*$", body[: clause.start])


def _is_reason(text: str) -> bool:
    """Return whether a part says why something is to be forgotten, and nothing else."""
    at = skip(text, 0, _tokens(_BEFORE_SUBJECT), " ,")
    rest = pattern(rf"(?:{'|'.join(_REASONS)})(?P<when>(?: (?:now|any ?more|again|already|today|yesterday|in \w+|{'|'.join(_TIMES)}))*)").fullmatch(text, at)
    return rest is not None and not has(words_of(_FOREIGN), pattern(r"\b(?:it|that|this|there|them|she|he|they|it's|that's|joke)\b").sub(" ", text))


def is_item(text: str) -> bool:
    """Return whether a sentence says something of the user that may stand in a list of what to remember."""
    body = text.rstrip(" .!?~-,;")
    is_said = all(_states(body, clause) or _continues(body, clause) for clause in split_clauses(body))
    return is_said and "?" not in text[len(body) :] and has(_FIRST_PERSON, body)


def _divide(body: str, clauses: list[Clause], names: Sequence[str]) -> list[Clause]:
    """Return the clauses, divided also before "and", "so", "but" or "please" and words that ask."""
    made: list[Clause] = []
    for clause in clauses:
        start, before = clause.start, clause.before
        for joint in pattern(r" (?=(?:and|so|but|also|then|please|pls|plz|can you|could you) )").finditer(body, clause.start, clause.end):
            asks = joint.start() > start and _ask_at(body, Clause(joint.end(), clause.end, " ", ""), names) is not None
            if asks and not _trailing(body, Clause(start, clause.end, "", "")):
                made.append(Clause(start, joint.start(), before, " "))
                start, before = joint.end(), " "
        made.append(Clause(start, clause.end, before, clause.after))
    return made


def _tokens(rows: Sequence[str], names: Sequence[str] = ()) -> re.Pattern[str]:
    return pattern(words_of((*escape_names(names), *rows)))


def _is_courtesy(body: str, clause: Clause, names: Sequence[str]) -> bool:
    return skip(body[: clause.end], clause.start, _tokens(COURTESY, names), " ") >= clause.end


def _ask_at(body: str, clause: Clause, names: Sequence[str]) -> Ask | None:
    """Return the wish that a clause begins with, after what may stand before it."""
    at = skip(body[: clause.end], clause.start, _tokens((*LEADS, *COURTESY), names), " ")
    whole = body[: clause.end]
    starts = {clause.start, at}
    for kind, rows, around in _ASKS:
        for start in sorted(starts):
            found = pattern(around).match(whole, start)
            if found is not None and found.lastgroup is not None and found[found.lastgroup] not in ("this", "that", "it"):
                first, last = found.span(found.lastgroup)
                ends = found.end() == clause.end or _is_pointing(whole[found.end() :])
                return Ask(kind, first, last if ends else clause.end, [(clause.start, first), (last, found.end())])
            found = pattern(words_of(rows)).match(whole, start)
            if found is not None:
                end = pattern(_CONNECTORS).match(whole, found.end())
                assert end is not None, "it may be empty"
                rest = whole[found.end() :]
                if _is_pointing(rest):
                    return Ask(kind, clause.start, clause.end, [(clause.start, clause.end)], points=True)
                return Ask(kind, clause.start, clause.end, [(clause.start, end.end())])
    return None


def _is_pointing(rest: str) -> bool:
    return skip(rest, 0, _tokens(_POINTS), " '") >= len(rest)


def _trailing(body: str, clause: Clause) -> Ask | None:
    for (kind, _, _), row in zip(_ASKS, _TRAILING):
        found = pattern(row).search(body[: clause.end], clause.start)
        if found is not None and found.start() > clause.start and _states(body, Clause(clause.start, found.start(), "", "")):
            return Ask(kind, clause.start, found.start("asks"), [(found.start("asks"), clause.end)])
    return None


def _is_foreign(text: str) -> bool:
    """Return whether a part beside a wish may be about a text, or by or to another speaker."""
    if has(_SECOND_PERSON, text):
        return True
    without = pattern(words_of(_TIMES)).sub(" ", text)
    for found in pattern(words_of(_FOREIGN)).finditer(without):
        if pattern(r" (?:food|cuisine|dish(?:es)?|restaurants?|coffee|tea|wine|cheese|class(?:es)?|lessons?|citizen)\b").match(without, found.end()):
            continue
        if not (found[0] in _LANGUAGES.split("|") and has(_LANGUAGE_KNOWN, without[: found.start()])):
            return True
    return False


def _states(body: str, clause: Clause) -> Literal["LIFE", "STATEMENT"] | None:
    """Return LIFE for what the user says of their life, STATEMENT for what else they say of themselves or of theirs, or None."""
    text = body[clause.start : clause.end]
    trailing = next((found for row in _TRAILING if (found := pattern(row).search(text))), None)
    if trailing is not None:
        text = text[: trailing.start()]
    wrong = pattern(_WRONG).search(text)
    text = wrong["what"] if wrong is not None else text
    at = skip(text, 0, _tokens(_BEFORE_SUBJECT), " ")
    for start in sorted({0, at}):
        if _is_said(text, start):
            if _is_foreign(text[start:]):
                return None
            return "LIFE" if has(rf"^(?:{'|'.join(_OF_LIFE)})", text[start:]) else "STATEMENT"
    return None


def _is_said(text: str, start: int) -> bool:
    """Return whether the user or something of theirs is the subject of a part, with a verb of the table."""
    is_ = pattern(_IS).match(text, start)
    if is_ is not None:
        return bool(text[is_.end() :].strip())
    subject = pattern(_SUBJECT).match(text, start)
    if subject is not None:
        verb = skip(text, subject.end(), _tokens(_ADVERBS), " ")
        found = [found for place in (verb, subject.end() + 1) if (found := pattern(words_of(_VERBS)).match(text, place)) is not None]
        return any(text[one.end() :].strip() or one[0] not in ("am", "is", "are", "was", "have", "has", "had") for one in found)
    mine = pattern(_MINE).match(text, start) or pattern(_MINE_IS).match(text, start) or pattern(r"(?:\w+ ){1,3}(?:is|are) (?:my|our)(?= favou?rites?\b)").match(text, start)
    return mine is not None and bool(text[mine.end() :].strip())


def _continues(body: str, clause: Clause) -> bool:
    """Return whether a clause goes on with a statement: a place, a time, a reason that names the user, or an item of an enumeration."""
    text = body[clause.start : clause.end]
    described = pattern(r"(?:it (?:is|was|tastes|smells|makes|gives|hurts)|it's|they (?:are|make|taste|give)|they're) (?!by\b|from\b)").match(text)
    if described is not None:
        return not _is_foreign(text[described.end() :]) and len(text[described.end() :].split()) <= MAX_LIST_WORDS
    if _is_foreign(text):
        return False
    joined = pattern(rf"(?:{_JOINTS})\b ?").match(text)
    rest = text[joined.end() :] if joined else text
    if joined and joined[0].strip() in ("because", "since", "so", "as", "but", "though", "although", "when"):
        return has(_FIRST_PERSON, rest)
    if not joined and rest.startswith(("the ", "a ", "an ")):
        return False
    return 0 < len(rest.split()) <= MAX_LIST_WORDS + (2 if joined else 0) or (joined is not None and has(_FIRST_PERSON, rest))


def _goes_on(body: str, shown: str, ask: Ask, clause: Clause, last: Clause) -> bool:
    """Return whether a clause after a wish is part of it."""
    if ":" in clause.before:
        return ask.points or _is_pointing(body[ask.asks[-1][1] : last.end]) or _is_label(body[ask.asks[-1][1] : last.end], body[clause.start : clause.end])
    joined = pattern("and that (?=(?:i|we|my|our)\\b)").match(body, clause.start, clause.end)
    if _states(body, clause) or (joined is not None and _states(body, Clause(joined.end(), clause.end, "", ""))):
        return True
    liked = pattern(_LIKED).sub(lambda found: "x" * len(found[0]), body) if has(_LIKES, body[ask.start : clause.start]) else body
    if pattern(r"(?:just )?(?:please )?call me \w+").fullmatch(body, clause.start, clause.end):
        return True
    if "-" in clause.before or "(" in clause.before or ")" in clause.before or not _continues(liked, clause):
        return False
    text = shown[clause.start : clause.end]
    if not _is_enumerated(body, shown, ask, clause):
        return False
    before = shown[: clause.start].rstrip(" ,").rsplit(" ", 1)[-1]
    is_name = text[:1].isupper() and not text.startswith(("I ", "I'")) and len(text.split()) <= 2 and not any(char.isdigit() for char in text)
    return not (is_name and not before[:1].isupper() and not clause.after)


def _is_enumerated(body: str, shown: str, ask: Ask, clause: Clause) -> bool:
    """Return whether a short clause is an item of an enumeration, a time or a place, and not said to others, such as "kids" or "handle me with care"."""
    text = body[clause.start : clause.end]
    if pattern(rf"(?:{_JOINTS})\b|(?:it|they)\b").match(text) or pattern(words_of(_TIMES)).match(text):
        return True
    if not body[ask.asks[-1][1] : clause.start].strip(" ,") and not has("^ ?:", clause.before):
        return False
    before = shown[: clause.start].rstrip(" ,").rsplit(" ", 1)[-1]
    return has(_ENUMERATES, body[clause.start :]) or (before[:1].isupper() and shown[clause.start].isupper())


def _is_label(label: str, value: str) -> bool:
    is_own = has(r"^\s*(?:that |about )?(?:my|our)(?: [\w']+){1,5}$", label) and not _is_foreign(label)
    return is_own and len(value.split()) <= MAX_LIST_WORDS + 1 and not _is_foreign(value)


def _wish(body: str, asked: bool, asks: list[Ask], stated: Sequence[str]) -> Reading | None:
    """Return the reading of a sentence with wishes, or None if one of them is not the user's own."""
    if asked and not has(_POLITE, body):
        return None
    if not stated and asks[0].asks[0][0] <= asks[0].start:
        asks[0].start, asks[0].asks[0] = 0, (0, asks[0].asks[0][1])
    if any(begin_alike(body, last, ask, _ALSO) for last, ask in zip(asks, asks[1:])):
        return None
    for number, ask in enumerate(asks):
        others = "".join(" " if any(start <= at < end for start, end in ask.asks) else char for at, char in enumerate(body))
        about = others[ask.start : ask.end].strip(" ,:;-()")
        if ask.points and not about:
            ask.announces = not asked and has(r"\b(?:things?|facts?|points?|these|following)\b", body[ask.start : ask.end])
            if stated and not number:
                ask.start, ask.points = 0, False
            elif len(asks) > 1 and not ask.announces:
                return None
            continue
        if number and not has(_FIRST_PERSON, about):
            return None
        if ask.points and about:
            ask.announces = has(r"\b(?:things?|facts?|points?|these|following)\b", body[ask.asks[0][0] : ask.asks[-1][1]])
            ask.points = False
        if "STATEMENT" in stated:
            return None
        if not _is_own(ask.kind, about):
            return None
    asks[-1].end = len(body)
    return Reading("WISH", asks)


def _is_about_user(about: str) -> bool:
    """Return whether what is to be remembered begins with the user and a verb of the tables, with what is theirs, or says what is theirs."""
    if pattern(_WHAT_IS_MINE).match(about) or has(_MINE_ONLY, about):
        return True
    placed = pattern(_PLACED).match(about)
    for start in {0, placed.end() if placed else 0}:
        subject = pattern(_SUBJECT).match(about, start)
        if pattern(_IS).match(about, start) or (subject is not None and _acts(about, subject.end())):
            return True
        if pattern(_MINE_BEGINS).match(about, start):
            return True
    return False


def _acts(text: str, at: int) -> bool:
    """Return whether a verb of the tables stands at a place of a text, after adverbs, auxiliaries and times."""
    verbs, before = pattern(words_of((*_VERBS, *_WISH_VERBS))), _tokens((*_ADVERBS, *_TIMES))
    while at < len(text):
        if verbs.match(text, at) is not None:
            return True
        found = before.match(text, at)
        if found is None and text[at] != " ":
            return False
        at = max(at + 1, found.end() if found is not None else 0)
    return False


def _is_own(kind: Kind, about: str) -> bool:
    if kind == "FORGET":
        about = pattern(_SAID_BEFORE).sub("", about) or about
    about = pattern(_PRONOUNS).sub("so", about)
    if has("|".join(_REPORTING), about):
        return False
    spoken = about
    for row in _TO_ASSISTANT:
        spoken = pattern(row).sub(" ", spoken)
    if has(_SECOND_PERSON, spoken):
        return False
    parts = pattern(_JOINED).split(about)
    if any(has(row, part.strip()) for part in parts for row in _TWICE) or has(_STRANGER, about):
        return False
    at = skip(about, 0, _tokens(_BEFORE_SUBJECT), " ,")
    if any(_is_about_user(about[start:]) for start in {0, at}):
        return True
    return kind == "FORGET" and (spoken != about or len(about.split()) <= MAX_LIST_WORDS)


def _question(body: str, asked: bool) -> Reading | None:
    """Return the reading of a question about the user's life that points at no text."""
    if _is_foreign(pattern(r"\b(?:do|can|could|would|will|have) (?:you|u)\b|\bis there\b|\bare there\b").sub(" ", body)):
        return None
    at = skip(body, 0, _tokens(_BEFORE_SUBJECT), " ,")
    begins = any(pattern(row).match(body, start) for row in _ASKS_LIFE for start in {0, at})
    return Reading("QUESTION") if begins and has(words_of(_LIFE), body) else None
