# ruff: noqa: E501 - an alternative of a pattern is not broken
"""English words and phrases about love: partners, marriage, separation, intimacy; jobs/rules/topics/english.py reads them."""

from __future__ import annotations

from typing import Final

WORDS: Final = r"""
in love|love(?:d|s)? (?:him|her|you|each other|my (?:wife|husband|girlfriend|boyfriend|partner|fianc\w+))
(?:love|loving|adore|adored|adores) (?:him|her|you|each other)\b|made love|make love|making love
love (?:life|letter\w*|affair|story with|at first sight|triangle|song for (?:him|her))|first love|true love|love of my life
fall(?:ing|en)? for (?:him|her|someone|a|the|my)|fell (?:for|in love)|unrequited|girlfriend~|boyfriend~|exgirlfriend~|exboyfriend~|exwife|exwives
exhusband~|expartner|my ex|his ex|her ex|an ex|exes|husband~|wife|wives|spouse~|spousal|fiance|fiancee|fiances|fiancees|bride|groom|bridegroom
newlywed~|significant other|other half|better half|soul ?mate~|sweetheart~|darling|honey and i|lover|lovers|mistress
partner (?:and i|is|and me|of|has|said|in life|broke)|my partner|my (?:new|old|former|late|life|longtime) partner|find a partner|a partner for
marri(?:ed|age|ages)|marry~|wedding~|wedded|engaged (?:on|to|last|in|this|since|at)|got engaged
(?:are|were|we're|i'm|am|is|was|been) engaged (?!in|with)|engagement ring|engagement party|propos(?:ed|al|e) to|marriage proposal
proposed (?:on|at|last|yesterday|and)|honeymoon~|anniversar(?:y|ies)|vows|divorc~|separated|separation from|annul~|widow~|alimony|elope~|prenup~
said yes to (?:him|her)|on the rocks|broke up|break(?:ing)? up with|breakup~|broken up|split up|splitting up|split from|dump(?:ed)? (?:me|him|her|by)
(?:was|were|been|got|getting) dumped|left me for|leave (?:him|her) for|get(?:ting)? back together|got back together
reconcil(?:e|ed|ing) with (?:him|her|my)|heart ?br(?:oken|eak\w*)|broke my heart|broken heart|breaking my heart
my heart (?:is broken|broke|belongs|is his|is hers)|ghost(?:ed|ing)|stood (?:me )?up|was stood up|moved on from (?:him|her)|over (?:him|her|my ex)
kiss~|cuddl~|snuggl~|hug(?:ged|ging)? (?:him|her) (?:all|for)|held (?:my|his|her) hand|hold(?:ing)? hands|make ?out|made out with|making out|flirt~
seduc~|crush|crushes|crushing on|infatuat~|smitten|butterflies|head over heels|attract(?:ed|ion) (?:to|between)|turn(?:s|ed)? me on|chemistry between
spark between|no spark|sparks flew|fancy (?:him|her|the|a|my|someone)|have a thing for|got a thing for|feelings for
(?:confess|confessed|admitted|told (?:him|her)) (?:my|his|her) (?:feelings|love)|asked (?:me|him|her|\w+) out|asking (?:him|her|\w+) out
ask (?:him|her|\w+) out|my type|her type|his type|turned (?:me|him) down|the one for me|(?:he|she)(?:'s| is) the one|man of my dreams
woman of my dreams|dream (?:man|woman|girl|guy)|lovesick
(?:first|second|third|fourth|blind|double|dinner|romantic|tinder|our|a|last|next|awful|bad|great) dates?(?: with| was| went| night|$|[.,!?;])
dates? with (?:a|the|him|her|my|someone|\w+ from)|blind dates?|on a date|went on dates?|since our date|(?:two|three|four|five|few|many) dates|dating
dated|date night|going out with|go(?:ing)? steady|seeing (?:someone|a (?:guy|girl|man|woman)|each other)|been seeing|matched with|tinder|bumble|hinge
grindr|okcupid|swip(?:e|ed|ing) (?:right|left)|speed ?dating|matchmak~|hook(?:ed)? up|hooking up|hookup~|one ?night stand~|friends with benefits
situationship~|fling|flings|affair|affairs|cheat(?:ed|s|ing)? (?:on|with)|cheater|after (?:he|she) cheated|he cheated|she cheated|infidel~|unfaithful~
adulter~|betrayed me with|jealous (?:when|whenever|of (?:his|her)|because)|possessive (?:partner|boyfriend|girlfriend)|relationship~
couple(?! of| the)|couples|as a couple|couples' ?therapy|commitment (?:issues|phobi\w*)|longdistance|long distance|open relationship|polyamor~
monogam~|living together|move(?:d)? in together|moving in together|moved in with (?:him|her|my)
together (?:for|since) (?:\w+ )?(?:years?|months?|summer|school|last)|the two of us|where we stand|needs? space|getting serious
met (?:his|her) (?:parents|family)|meet (?:his|her) parents|single (?:again|for|since|life|mom|mum|dad|mother|father|parent|man|woman|people)
(?:i'm|i am|am|still|being|was|stay|became) single|(?:other|fellow|meet|for|lonely) singles|singles (?:night|bar|event|party|holiday|site|group|mixer)|bachelor(?!'?s? (?:degree|thesis))~|spinster|valentine~|romance|romances|romantic~
candle ?light|rose(?:s)? for (?:him|her)|serenad~|love ?bird~|sex|sexy|sexual~|sexting|intima(?:te|cy|tely)|slept (?:together|with)
sleep(?:s|ing)? with (?:him|her|me|someone|a|another|other|my)|libido|orgasm~|virgin|virginity|naked with|one night|in bed with|foreplay|erotic~|porn~
aroused|horny|condom~|kinky|fetish~|gay|lesbian~|bisexual~|homosexual~|heterosexual~|pansexual~|asexual~|queer|lgbt~|came out (?:as|to)
coming out (?:as|to)|come out to|same ?sex|transgender|miss (?:him|her) (?:so|terribly|every|in bed)|lonely since|alone since (?:he|she|the|we)
not loved|love(?:less|d one\b)|unlov~|my love|love him|love her|stop thinking (?:about|of) (?:him|her)|thinking about (?:him|her) all
blocked (?:him|her) everywhere|(?:he|she) left me|leave my (?:husband|wife)|hubby|wifey|missus|other woman|mother ?in ?law|father ?in ?law|in ?laws
sister ?in ?law|brother ?in ?law|stepson from|my beloved|beloved|my man|my girl\b|my guy|my lady|old flame|high school sweetheart|childhood sweetheart
ex girlfriend~|ex boyfriend~|ex wife|ex husband|ex partner|exes?|my late (?:husband|wife)|suitor~|admirer~|toy ?boy|sugar (?:daddy|baby|mommy)|gigolo
escort service|prostitut~|brothel|stripper
(?:he|she) (?:never |always |finally |still |really |truly |just )?(?:says?|said|told me|tells me|admitted|whispered)(?: that)? (?:he|she) (?:loves?|loved|likes|liked|misses|missed|wants|wanted|fancies) (?:me|us)
(?:he|she) (?:loves?|loved|likes|fancies|wants|desires|adores) me|(?:think|know|hope|wonder if|believe|sure) (?:he|she) (?:likes|loves|fancies) me
loves me|love me|loved me|likes me back|commit(?:s|ted)? to (?:him|her|me|each|one|a relationship|us)|commitment|exclusive (?:yet|now|with)
(?:aren't|are|not|went|go|going|being) exclusive|where this is going|define the relationship|dtr|label on (?:it|us|this)|made it official
facebook official|we're official|hitched|tie(?:d)? the knot|walk(?:ed)? down the aisle|eloped|registry office|bachelorette|hen (?:night|party|do)
stag (?:night|party|do)|bridal~|bridesmaid~|best man at|maid of honou?r|wedding dress|rings? (?:finger|exchange)|and the ring
ring on (?:my|her) finger|bouquet~|dowry|trousseau|arranged marriage|in wedlock|matrimon~|nupti~|marital|conjugal|cohabit~|common ?law
(?:he|she|paul|tom|\w+) proposed(?! (?:a|an|the|that|to (?:hire|move|change|cut|use|meet|go|the (?:team|board))))|proposed!
propos(?:e|ing) to (?:him|her)|call(?:ed)? off the (?:engagement|wedding)|the engagement|our engagement|engagement (?:is|was|party|ring)
will you marry|asked for (?:my|her) hand|asked if i would be his|be (?:his|her|my) (?:girlfriend|boyfriend|wife|husband)|be mine
would be (?:his|hers|mine)|ours is over|it's over between|over between us|drift(?:ed|ing)? apart|grow(?:n|ing)? apart|grew apart
fall(?:en|ing)? out of love|fell out of love|fallen for|moved out (?:of our|after|because|on him|on her|last)|kicked (?:him|me|her) out
threw (?:him|me) out|on a break|take a break from us|taking a break|need a break from (?:him|her|us)|trial separation|custody~|breaking it off
broke it off|ended it|end it with|ended things|end things with|called it quits|calling it quits|walked out on me|left (?:him|her|his wife|her husband)
jilted|heart ?ache~|lovelorn|rebound~|moving on from|i'm over (?:him|her|[a-z]+),|got over (?:him|her|my)|getting over (?:him|her|my|[a-z]+$)
closure from|texted my|drunk text(?:ed)?|stalk(?:ed|ing) (?:his|her) (?:profile|instagram|facebook)|unfriended (?:him|her)
cute (?:guy|girl|boy|man|woman|waiter|waitress|barista|neighbou?r|nurse|doctor|colleague)|hot (?:guy|girl|man|woman|neighbou?r|colleague|date)
handsome|gorgeous (?:guy|girl|man|woman)|good ?looking (?:guy|man|woman|girl)|gave (?:him|her) my number|got (?:his|her) number
asked for (?:my|his|her) number|exchanged numbers|slid into|dm'd (?:him|her)|wink(?:ed|s)? at me|smiled at me (?:across|from)|check(?:ed|ing) me out
touch(?:ed|ing) my (?:arm|hand|hair|back|thigh|cheek|knee)|chemistry with
my heart (?:skips?|skipped|flutters?|fluttered|melts?|melted|leaps?|aches? for|pounds? when (?:he|she))|heart skip~|makes my heart|weak in the knees
blush(?:es|ed) when (?:he|she|i see)|swoon~|lust~|passion(?:ate)? (?:night|kiss|about (?:him|her))|passionately|desire~ (?:him|her|for)|turned on
bedroom (?:problems|life|has been)|dead bedroom|pillow talk|spoon(?:ed|ing)|naked|nude~|strip poker|skinny dip\w* with|threesome|kink~|bdsm
dominat~ in bed|masturbat~|vibrator|dildo|erection|ejaculat~|penis|blow ?job|oral sex|intercourse|climax|sensual~|seducing|erotica|onlyfans|hot for
horniness|bed partner|body count|booty call|walk of shame|morning after|pulled (?:him|her|a guy|a girl)|got lucky|got laid|laid last night|get laid
make a move|made a move|making a move|first move|into (?:men|women|girls|guys|boys|him|her)|attracted|attraction|sexuality|sexual orientation
closet(?:ed)?|in the closet|coming out|came out as|non ?binary|trans (?:man|woman|girl|guy)|transition(?:ing)? (?:to|from) (?:male|female|man|woman)
pronouns|aromantic|demisexual|pride parade|two moms|two dads|drag queen|butch|femme|bi\b(?= and|$|[,.])|straight (?:man|woman|guy|girl|or gay)|sapphic
mr right|mrs right|miss right|the right (?:man|woman|guy|girl|one|person)(?: for me)?|someone special|meant for each other|made for each other
match made|perfect match|kindred|destined to be together|other fish|still haven't found (?:mr|the one|anyone|someone)|find someone|found someone
met someone|meet someone|meeting someone new|no one to (?:hold|love|come home)|third wheel|plus one|settle(?:d)? down with|start(?:ing)? a family
want(?:s)? (?:children|kids|a baby)(?:,| with| but| and i)|biological clock|spinsterhood|celibat~|abstinen~|incel|player\b(?= who|,| and)|womani[sz]er
playboy|toxic (?:relationship|ex|boyfriend|girlfriend)|gaslight~|red flag~|green flags?|love bomb~|breadcrumb~|catfish~|sexted|nudes
trust (?:him|her) again|caught (?:him|her) (?:with|in bed|texting)|cheated|cheating|cheats|two ?timing|double life|lipstick on|jealousy
jealous of (?:his|her)|possessive~|clingy|needy|codependen~|abusive (?:husband|boyfriend|ex|partner|wife|relationship)|domestic violence
waking up next to|wake up next to|next to (?:him|her) (?:in bed|every|again)|miss (?:his|her) (?:smell|touch|kiss\w*|body|arms|voice|laugh|lips)
in (?:his|her) arms|his lips|her lips|love ?y ?dov\w+|sweet ?nothings|pda|pet names?|babe|baby (?:i love|come back)|xoxo
date\b(?= with| went| was| tonight| tomorrow|\?|!)
(?:my|our|a|the|his|her|another|tinder|bumble|coffee|movie|dinner|tonight's|friday) date(?! of| for the| is (?:set|fixed|may|june|july)|s of| on the (?:form|invoice)| to (?:submit|file))
dating app~|dating profile|online dating|match\.com|eharmony|romcom of my|wooed|woo(?:ing)? (?:him|her)|court(?:ed|ing|ship)|chat(?:ted|ting)? up
pick ?up line~|wingman|ladies' man|mistletoe|star ?crossed|eros|aphrodite|candles and all|anniversar~|couple's|we've been together|been together
got together (?:with|in|when|at|last)|get together again|together again|back together|happily ever|happily married|newly ?weds
years (?:of marriage|married)|silver wedding|golden wedding|divorcee|singledom|bachelorhood|lonely (?:without|nights|bed)|lonel(?:y|iness)
(?:i |really |kind of |still |secretly )like (?:a|this|that|some|the) (?:\w+ )?(?:girl|boy|guy|man|woman)
like(?:s|d)? (?:him|her) (?:a lot|more than|so much|back|too much)
(?:a|this|that|the|another|other|some|new) (?:girl|boy|guy|man|woman) (?:from|in|at|i|who)|another (?:woman|man|girl|guy)|other women|other men
get(?:ting)? engaged|be engaged|become engaged|went out with|go out with (?:him|her|me)|(?:he|she) kissed
(?:doesn't|don't|didn't|stopped) lov(?:e|ing) (?:him|her|my|me|each|you|us|any|back)|never loved|loving (?:him|her|someone|you|wife|husband)|in ?love
our relationship|my relationship|his relationship|her relationship|my marriage|our marriage|my love life|my sex life|my crush|my date|my wedding
my divorce|my fianc\w+|my bride|my groom|my lover|my valentine|my soulmate|partner and|kids' (?:father|mother)|baby daddy
father of my (?:child|children|kids)|mother of my (?:child|children|kids)|romantically|love ?sick\w*|first kiss|a kiss|kissed|on his phone
her phone .* (?:messages|texts)|texts from (?:another|his|her)|he cheats|she cheats|lonely and (?:single|unloved)
never (?:had|been) (?:a (?:girlfriend|boyfriend|relationship)|in love|kissed)
(?:told|tell|telling) \w+ (?:that )?i (?:like|love|fancy|miss|want|adore) (?:him|her|them)|i (?:like|miss|want|need|desire) (?:him|her)(?=$|[.,!?;])
(?:stay|be|remain|just|only) friends,? but|more than (?:just )?friends|just friends|friend ?zone~|want more (?:than|from) (?:friend\w*|him|her)
leav(?:e|ing) (?:my|his|her) (?:husband|wife|boyfriend|girlfriend|partner)|wants? me back|want (?:him|her) back|get(?:ting)? (?:him|her) back
get over (?:him|her)|over (?:him|her)(?=$|[.,!?;])|kissed me|kiss me|kissing|hold hands|holds? my hand|venue for the wedding
my future (?:husband|wife)|life partner|romantic|relationship|coworker and i slept|slept with|sleep with|sleeping with|fooling around
fool(?:ed)? around with
(?:he|she) (?:moved|walked|stormed) out(?! of the (?:room|shop|meeting|office|store|cinema|class))
(?:he|she) (?:packed|took) (?:his|her) (?:bags|things|stuff)|(?:on|down on) (?:one|a|bended) knee|pop(?:s|ped)? the question
how (?:much )?i feel about (?:him|her)|(?:my|his|her) (?:true )?feelings (?:for|towards?|about) (?:me|him|her)
(?:fall|fell|falling|fallen|wake|woke|waking|lie|lying|sleep|slept|sleeping|sit|sat) (?:asleep |up )?(?:next to|beside|in the arms of|in his|in her|on his chest|with) (?:him|her|arms|my love)
miss (?:his|her) (?:hugs?|face|smile|eyes|hands?|company|warmth)
(?:a|our|the|my|that|his|her|another|one) (?:first|second|third|fourth|fifth|last|next|double|dinner|movie|coffee|lunch|picnic|perfect|lovely|terrible|proper|real|awkward) date(?! (?:in|on|for|of) (?:my|the|our|a) (?:calendar|meeting|exam|delivery|release|concert)|s? of the)
(?:after|since|before|when|that|and|but|because|if) (?:we|they|he and i|she and i) (?:have |had |'ve |finally )?split(?=[ .,!?]|$)(?! (?:the|it|a|into|this|our|up (?:into|the)))
(?:we|they)(?:'ve| have)? split(?= (?:after|last|in|because|when|for good|on)|[.,!?]|$)
(?:it's|it is|it was|we're|we are|things are|things were) (?:all |finally |completely |really )?over (?:between|with (?:him|her|us)|for us)
we(?:'re| are) (?:done|through|finished)(?=[.,!?]|$)
(?:he|she) (?:never |doesn't |didn't |hasn't |hardly |barely |rarely )?(?:touch|touches|touched|holds?|held|hugs?|hugged|embraced?|embraces|kisses) me
(?:i|we|he|she) (?:\w+ )?(?:fell|falling|fall) for (?:each other|one another|him|her|my|a|the)
(?:sparks?|chemistry|flame) (?:between|is|was|has|died|with)(?= (?:us|gone|him|her|out|dead))|(?:my|his|her) (?:other )?significant
i (?:only |just )?have eyes for|eyes only for
(?:want|wants|wanted|going|hope|hoping|like|love) to (?:spend|grow|share) (?:the rest of )?(?:my|our|his|her|old) (?:life|lives|days)?(?: ?(?:together|with (?:him|her)))
grow(?:ing)? old (?:together|with (?:him|her))|spend (?:my|our) li(?:fe|ves) (?:with|together)|rest of my life with
(?:i|he|she) (?:\w+ )?(?:want|wants|wanted) (?:to )?(?:kiss|date|marry|be with|sleep with|get with|hold) (?:him|her|me)
asked (?:me |him |her )?(?:to (?:be (?:his|her|my)|marry|dance with)|for a date|on a date)
(?:invited|took|taking|takes) (?:me|him|her) (?:out )?(?:on|for|to) (?:a )?(?:date|romantic|candle\w*|dinner (?:date|for two))
(?:he|she) (?:smiled|winked|smiles|winks|looks|looked|stares?|stared) at me (?:and|that way|like that|in a way|with those)
(?:can't|couldn't|cannot) get (?:him|her) out of my (?:head|mind)|(?:on|in) my mind (?:day and night|all day|since we met)
thinking (?:about|of) (?:him|her) (?:all|every|day|non ?stop|constantly)|(?:dream|dreamt|dreamed|dreaming) (?:about|of) (?:him|her)(?=[ .,!?]|$)
(?:gave|give|gives|slipped|left|texted) (?:me|him|her) (?:his|her|my) (?:phone )?number|(?:his|her) (?:phone )?number on (?:a|the|my) (?:napkin|note|hand)
(?:my|his|her) heart (?:jumps?|jumped|leaps?|leapt|flutters?|melts?|melted|stops?|stopped|skips?|skipped|beats? faster|sinks?) (?:when|whenever|every|each|as|at the sight)
can't wait to (?:see|hold|kiss|be with|hug) (?:him|her)
(?:let|letting|get|getting|be|being) (?:\w+ )?(?:close to|near|in) (?:anyone|anybody|someone|a man|a woman|men|women|people) (?:after|again|since)
(?:what|how) (?:he|she) did to (?:me|us)|(?:trust|open up to|love) (?:men|women|anyone|anybody|someone|another man|another woman) (?:again|after)
(?:go|going|went|gone) our (?:own |separate )+ways?|part(?:ed|ing)? ways(?! with (?:the|my|our) (?:company|team|band|employer|label))
out of (?:my|his|her|your) league|(?:take|taking|took) (?:him|her) out(?! of (?:the|context))
i(?:'m| am| do| only| also| really| think i)* (?:like|prefer|love|fancy|into|attracted to|drawn to) (?:girls|boys|women|men|guys|both (?:men|women|boys|girls))(?=[.,!?;]|$| and| but| too| more)
(?:we|he and i|she and i) (?:\w+ )?(?:made up|kissed and made up|patched (?:things|it) up|reconciled|worked it out|had make ?up)
(?:spent|spend|stay|stayed|staying|sleep|slept|crash|woke up) (?:\w+ ){0,3}(?:at|over at|in) (?:his|her) (?:place|flat|apartment|bed|house)
(?:spent|stay|stayed|spend) the night (?:with|at (?:his|hers))
(?:delet|burn|throw|threw|toss|remov|block|rip)(?:e|ed|ing|n|s)?(?: away| up| out)? (?:all |every )*(?:of )?(?:his|her|our) (?:pictures?|photos?|numbers?|messages|chats|letters|texts|contact)
(?:his|her|our) (?:old )(?:pictures|messages|texts|photos|t ?shirt|hoodie|love letters)
(?:sleep|slept|sleeping|wear|wore) (?:in )?(?:his|her) (?:old )?(?:t ?shirt|hoodie|shirt|sweater|jumper)
(?:felt|feel|feeling) (?:this|that|the same) (?:way )(?:about|for|towards?) (?:any|some|him|her|me|an)\w*
(?:feel|felt) (?:something|nothing|more) for (?:him|her|me|each other)
(?:bring|brought|bringing|introduce\w*) (?:home )?(?:a|the|some|my|any) (?:nice )?(?:girl|boy|man|guy|woman|girlfriend|boyfriend|fella)(?: home)?
when (?:i'll|i will|i'm going to) (?:finally )?(?:settle down|get married|give (?:her|them) grandchildren)
(?:we|they) (?:had|have|keep having) (?:a|an|another) (?:\w+ )?(?:fight|argument|row) (?:and|because|about (?:us|his|her|the wedding|having))
(?:talking|chatting|texting|writing) (?:to|with) (?:a|this) (?:\w+ )?(?:guy|girl|man|woman|boy)
(?:i'm|i am|think i'm|be|been|started|was) (?:\w+ )?falling for (?!it|this|that|these|those|the|a|an)|held (?:each other's )?hands|(?:wears?|wearing|wore|kept|keeps) (?:the|that|a|my) ring (?:i|he|she|they) (?:gave|bought)
(?:he|she) (?:makes|made) me (?:feel (?:special|loved|wanted|beautiful|safe|alive|seen)|happy like|weak)|mixed signals|lead(?:ing)? me on|led me on
playing (?:hard to get|with my feelings)|friends? with (?:some )?benefits
ready for (?:anything|something) serious|ready (?:for|to) (?:a relationship|commit\w*|love|marriage|date|be with)
(?:anything|something|getting|nothing) serious(?=[.,!?]|$| with| between| right)|serious about (?:me|him|her|us|each other)
(?:maybe|perhaps|think|whether|if) we should (?:just )?(?:split|separate|break up|end|see other)
(?:someone|somebody|anyone|no one|nobody) to (?:come home to|hold|love|grow old with|share (?:my|a) (?:life|bed)|cuddle|wake up|hold hands)
(?:set|fix|fixed|setting|fixing) (?:me|him|her) up with|(?:my|his|her) knees (?:go |went |get |turn )?weak|weak at the knees
(?:let|letting) (?:him|her) (?:go|slip away|get away)|the one (?:who|that) got away|engaged(?=[.,!?]|$)
(?:he|she)(?:'s| is| was| might be| may be) (?:secretly )?(?:seeing|with|sleeping with|texting) (?:somebody|someone|anyone|other|another)
(?:since|anyone|someone|somebody|nobody|no one|he|she) (?:has |had |have |ever |last |really )*(?:held|touched|kissed|wanted|desired|cherished) me
(?:hold|holds|held|kiss|touch|want) me (?:again|tight|close|like|at night|in (?:his|her))
(?:my|his|her|our) (?:love|romance|passion|spark|chemistry)(?= (?:is|was|has|died|faded|grew|for|life)|[.,!?]|$)
"""

FIGURES: Final = r"""
(?:fall|fell|falling|fallen|falls) for (?:it|that|this|the|a|an|my|his|her) (?:\w+ )?(?:tricks?|scams?|jokes?|lies?|pranks?|con|traps?|ads?|hype|bait|prank calls?)
dated (?:the|a|my|all|these|those|our) (?:\w+ ){0,2}(?:photos?|pictures?|letters?|forms?|cheques?|jars?|notes?|pages?|files?|boxes|drawings?|documents?)
in love with (?:this|that|these|those|the|my new|our|a new|it)(?= \w)(?! (?:\w+ )?(?:girl|boy|guy|man|woman|person|barista|neighbou?r|friend|teacher|colleague|coworker|boss|one|flatmate|roommate|lady|student|waiter|waitress|doctor|nurse|classmate|singer|way (?:he|she)))
(?:candy|garlic|grape|ice) crush
crush(?:ed|ing|es)? (?:the|some|it|two|three|up) (?:garlic|exam|test|competition|presentation|interview|cans?|ice|nuts|herbs|biscuits|cookies|spices|other team|workout)
(?:break|broke|broken|breaking) up (?:the |a )?(?:chocolate|bread|fight|soil|ice|cookies?|text|paragraphs?|monotony|meeting|tasks?|logs?)
\w+(?:'s| is) the date(?= today|[.,?!]|$| of the)
dates? (?:in|on|for|of) (?:my|the|our|a) (?:calendar|diary|meeting|form|invoice|letter|exam|concert|reunion|interview|trip|party|delivery|move|release|workshop|appointment|next)
(?:expiry|expiration|release|delivery|start|end|publication|closing|launch|exam|deadline|best before|arrival|departure|moving|submission) dates?
(?:up|out of) (?:to )?date|dates? back to|(?:dried|medjool|stuffed|chopped) dates?|dates (?:and|with) (?:nuts|almonds|honey|walnuts|figs)
(?:lab|dance|dancing|business|training|study|tandem|running|project|sparring|climbing|tennis|doubles|language|chess|bridge|trading|hiking|gym|conversation|writing|coding) partners?(?: (?:and i|is|and me|of|has|said|was|and))?
relationship (?:between|of) (?:the|a|two|these|supply|cause|light|music|art|form|people and|humans? and)
relationship with (?:the|my|our) (?:customers?|clients?|neighbou?rs?|boss|suppliers?|dog|cat|teacher|brother|sister|mother|father|mum|mom|dad|parents|colleagues|grandmother|food|time|city|team)
(?:kiss|cuddl|snuggl|hug)\w*(?: with| up to| up with| goodbye to)? (?:the|my|our|his|her) (?:\w+ )?(?:dogs?|cats?|pupp(?:y|ies)|kittens?|grandmother|grandma|granny|mum|mom|mother|dad|father|son|daughter|baby|nieces?|nephews?|grandson|granddaughter|pillow|blanket|teddy|horse|kids|children|rabbit|bunny|sister|brother|aunt|uncle|hamster|trophy)
(?:sister|brother|mother|mum|mom|dad|father|grandma|grandmother|granny|aunt|niece|nephew|daughter|son|dog|cat) (?:gave|blew|gives|blows) me a kiss
a kiss on the cheek|kiss(?:ed|es)? goodbye to (?:my|the|our) (?:weekend|holiday|plans?|sleep)
single (?:room|bed|ticket|malt|cream|file|player|use|page|word|cup|slice|origin|line|letter|sock)s?
(?:their|her new|his new|new|debut|first|hit) single(?=[.,!?]|$| (?:is|was|on|by|from))|single ?handed(?:ly)?
singles (?:charts?|match|matches|titles?|final|finals|tennis|court|records?|album|tournament)
(?:tennis|hit|vinyl|chart|number one|new|debut|old|cheese) singles?(?=[.,!?]|$| (?:match|final))
flirt(?:ed|ing|s)? with (?:the|an) (?:idea|thought|possibility|plan)|(?:state|current|foreign|public|family|business|world) (?:of )?affairs?
(?:quiet|big|small|lively|noisy|messy|grand|muddy|formal|long|simple) affair(?= |[.,!?]|$)(?! with)
(?:project|research|book|business|design|thesis|grant|budget|draft) proposals?
propos(?:ed|e|es|ing) (?:to (?:the|our|my) (?:team|boss|board|class|committee)|that|a (?:new|plan|toast|change|different|walk|game|trade|solution|compromise|rule)|an (?:idea|alternative|amendment))
passion fruit|butterfl(?:y|ies) (?:in the garden|on the|garden|house|net|stroke|bush|museum|landed|everywhere|species|exhibit\w*)
(?:saw|see|caught|photographed|drew|painted|watched|colou?rful|blue|yellow|white|many|beautiful|paper|rare) butterfl(?:y|ies)
beloved (?:bike|mug|sweater|jumper|guitar|dog|cat|garden|car|book|series|band|team|teapot|plant|city|hometown|author)
romantic (?:period|era|composers?|poets?|comed(?:y|ies)|music|painting|literature)|(?:romance|love) (?:novels?|languages|films?|manga|movies)
(?:feel|felt|feeling|was|were|am|i'm|is|bit|so|get|gets|got) (?:a bit |a little |quite |so |really |very |pretty )?lonely (?:at first|in (?:the|a|this|my) (?:\w+ )?(?:town|city|office|class|school|country|village|group|team)|at (?:work|school)|without (?:my (?:friends|dog|cat|sister|brother|family)|music))
lonely (?:planet|tree|lighthouse|island|road|house|mountain|place|beach|cottage|hill|path|bench)|married to (?:my|his|her) (?:job|work|desk)
(?:door|cabinet|window|gate|rusty|squeaky|broken) hinges?|hinges? (?:on|of) the|bumble ?bees?|tinder ?box|stood up (?:and|from|to|straight|on|slowly|too)
dump(?:ed|ing)? (?:the|my|it|all|some|out|everything|old) (?:trash|rubbish|bin|soil|leaves|load|bags?|water|boxes|laundry|toys|garbage)
split (?:the|it|this|our|into) (?:work|tasks?|chores|group|class|file|files|pizza|cake|team|two|three|wood)|split up (?:the|into|to search|for the)
separated (?:the (?:eggs|yolks?|laundry|waste|files|colou?rs|whites|rubbish)|by|into)
cheat(?:ed|ing|s)? (?:at|in|on) (?:the |my |a |an |our )?(?:monopoly|cards|chess|uno|poker|exams?|tests?|quiz\w*|crosswords?|scrabble|maths?|video games?|games?|diet)
cheat (?:codes?|sheets?|days?|meals?)|(?:ran|run|running|bumped|bump|crashed|bumping) into (?:him|her)
swip(?:e|ed|ing) (?:left|right) (?:on the (?:screen|map|photo|tablet)|to (?:unlock|open|delete|see))|red flags? (?:on|at) the (?:beach|track|shore|coast)
too hot for|hot for (?:me|this|that|the time|june|may|coffee|tea)|(?:jazz|old|pop|soul|rock|7 inch|classic|rare) singles?
partner (?:in|at|for|on) (?:the|my|a|our|this) (?:quiz|game|project|lab|class|team|duet|dance|debate|match|course|exercise|workshop|race|play|assignment)
partner in crime
(?:kiss|hug|cuddl)\w* (?:the|a|that|my|its) (?:\w+ )?(?:frog|statue|ground|floor|trophy|stone|cup|fish|medal|ball|page|book|tree|trees|dolphin|llama|cow|goat|lamb|sheep|camera)
engaged(?= (?:students?|readers?|audience|citizens?)|, (?:curious|attentive))
"""
"""Expressions in which words of the topic mean something else: things that are loved, matched, broken or single, and affection within the family."""
