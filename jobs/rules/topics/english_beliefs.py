# ruff: noqa: E501 - an alternative of a pattern is not broken
"""English words and phrases about beliefs: religion, faith, politics, worldview; jobs/rules/topics/english.py reads them."""

from __future__ import annotations

from typing import Final

WORDS: Final = r"""
god|gods|goddess~|allah|jesus|christ|jehovah~|yahweh|holy (?:spirit|ghost|land|week|book|water|see)|lord (?:jesus|krishna|shiva|willing)|the lord
buddha~|buddhist~|buddhism|krishna|shiva|vishnu|ganesh~|brahm~|hindu~|muslim~|islam~|christian~|catholic~|protestant~|evangelical~|lutheran~|baptist~
methodist~|presbyterian~|anglican~|episcopal~|orthodox (?:church|jew\w*|christian\w*|priest)|mormon~|quaker~|pentecostal~|adventist~|jew|jews|jewish~
judaism|hasidic|zionis~|antisemit~|sikh~|jain~|tao(?:ist|ism)\w*|daoi~|confucian~|shinto~|bahai|rastafari~|scientolog~|pagan~|wicca~|witch|witches
witchcraft|druid~|satanis~|shaman~|occult~|atheis~|agnostic~|secularis~|humanist~|humanism|theis~|deist~|nihilis~|existentialis~|stoic|stoics|stoicism
stoic philosophy|my philosophy|philosophy of life|worldview~|world view~|pray|prays|prayed|praying|prayer~|worship~|church~|chapel~|cathedral mass
mosque~|synagogue~|temple|temples|monaster~|convent|shrine~|altar~|pew|parish~|congregation~|clergy|priest~|pastor~|vicar|bishop~|pope|papal|imam~
rabbi|rabbi's|rabbis|rabbinic~|monk|monks|nun|nuns|guru|gurus|lama|dalai lama|missionar~|preach~|sermon~|homily
(?:to|at|sunday|midnight|morning|latin|attend\w*|went to) mass\b|mass (?:with|on sunday|at the)|sunday school|sunday service
(?:easter|church|christmas|memorial|morning|evening|candlelight) service|communion|eucharist|bapti[sz]~|christen~|confirmation class|confession
confess (?:to|once|my sins)|sacrament~|rosary|psalm~|hymn~|gospel~|bible~|biblical|scripture~|quran~|koran~|torah|talmud|sutra~|vedas?|bhagavad~
book of mormon|(?:said|say|saying) grace|grace before|amen|halleluj~|blessing from|bless(?:ed|ing|ings) (?:by|of|from)|god bless|saint|saints|angel
angels|demon|demons|devil|heaven|heavenly father|hell (?:exists|is real|awaits)|purgatory|afterlife|after life|life after death|reincarnat~
past li(?:fe|ves)|rebirth|nirvana|enlighten~|karma|karmic|dharma|soul(?:s)? (?:is|are|live\w*|survive|go|goes|immortal)|salvation|saviou?r|redeem~
repent~|sin|sins|sinful|sinner~|miracle~|providence|divine|divinity|sacred|spiritual~|spirits|faith|faiths|faithful to god|religio~|creed|dogma
theolog~|devout~|pious~|believer~|born again|convert(?:ed)? to|shahada|apostas~|apostate|excommunicat~|heresy|heretic~|blasphem~|sect|sects|cult|cults
ramadan|eid|lent|hajj|umrah|fasting (?:for|during|because)|fast for (?:ramadan|lent)|hijab~|burqa|headscarf|kosher|halal|shabbat|sabbath|passover
pesach|hanukkah|chanukah|yom kippur|rosh hashanah|high holidays|bar mitzvah|bat mitzvah|diwali|holi|navrat~|vesak|good friday|all saints|pilgrim~
camino de santiago|vipassana|mantra~|chant(?:ed|ing)?|solstice|equinox ritual|ritual~|wear a cross|(?:my|a|the) cross (?:necklace|around)|crucifix~
light(?:ed|ing)? a candle for|lit a candle for|no beef for me|don't eat pork|do not eat pork|horoscope~|astrolog~|zodiac|star sign
mercury (?:is )?in retrograde|tarot~|psychic~|clairvoyan~|fortune ?tell~|palm reading|s[eé]ance~|reiki|chakra~|aura|crystals? (?:heal|for|energy)
energy healing
believe in (?:energy|fate|destiny|karma|god|angels|ghosts|miracles|reincarnation|life|heaven|hell|an? afterlife|a higher|nothing|universal|equality|evolution|creation|free|democracy|socialism|capitalism|science|love as)
higher power|the universe (?:wants|has|sends|told|provides)|happens for a reason|meant to be by|fate|destiny|predestin~|superstiti~|ghosts|conspirac~
was faked|hoax|flat earth~|chemtrail~|deep state|illuminati|qanon|antivax~|anti ?vaxx~|politic~|government~|parliament~|congress|senat(?:e|or|ors)
minister|ministry|president|presidential|prime minister|chancellor|mayor~|governor~|monarchy|monarchist~|republic|republican~|democrat|democrats
democratic|democracy|labour party|labor party|tory|tories|conservative~|conservatism|liberal|liberals|liberalism|libertarian~|socialis~|communis~
marxis~|leninis~|anarchis~|fascis~|nazi~|neonazi~|capitalis~|nationalis~|patriot~|populis~|progressive (?:politic\w*|party|values)|left ?wing~
right ?wing~|far (?:left|right)|leftist~|rightist~|alt ?right|centrist~|the left|the right wing|to the left|to the right politically|the greens
green party|greens yesterday|afd|cdu|spd|fdp|snp|ukip|maga|antifa|feminis~|patriarch~|woke|wokeness|identity politics|partisan~|ideolog~|manifesto~
vot(?:e|ed|er|ers|ing) (?!for (?:the )?(?:best|song|pizza|restaurant|film|movie))|(?:my|a|protest|the|postal|absentee|popular|cast\w* (?:my|a)) vote
vote|ballot~|election~|elected|electorate|referendum~|brexit|remain(?:er)?s? campaign|campaign(?:ed|ing)? (?:for|against|of)
(?:election|political|democratic|republican|presidential) campaign|campaign rally|canvass~|petition~|boycott~|protest|protests|protested|protesting
protester~|protest march|demonstrat(?:ion|ions|ed) (?:against|for)|demonstration|demonstrations|march(?:ed|ing) (?:for|against)
rally (?:for|against|in)|activis~|strike for|picket~|civil disobedience|climate (?:justice|strike|protest|activ\w*|policy|denier)|extinction rebellion
(?:joined|member of|left|quit) (?:the|a) (?:\w+ )?(?:party|union)\b|party member~|trade union|(?:im|e)migration (?:law\w*|polic\w*|is|should|debate)
immigration|border wall|refugee polic\w*|asylum law|abortion~|prolife|pro life|prochoice|pro choice|death penalty|capital punishment
gun (?:control|laws?|rights)|guns should|second amendment|same ?sex marriage (?:should|law)|gay rights|human rights|animal rights|animals have rights
for ethical reasons|ethical vegan~|civil rights|black lives matter|minimum wage|universal basic income|basic income|wealth tax|taxes are theft
welfare state|nuclear (?:power|energy) (?:is|should)
should be (?:banned|abolished|legal(?:ised|ized)?|illegal|independent|privati[sz]ed|nationali[sz]ed)|to be independent
independence (?:referendum|movement|for)|separatis~|colonialis~|imperialis~|racis~|sexis~|sanctions against|support (?:the|this) war|against the war
(?:anti|pro) ?war|pacifis~|conscientious objector|military service|refused (?:military|service)|pro ?(?:palestin|israel|russia|ukrain)\w*|palestin~
gaza|the war (?:in|on|against)|trust (?:the )?(?:politicians|government|media|state)|don't trust politicians|moral~|ethic~|my values|my beliefs
belief~|my conviction~|i am convinced that|meditat~|i believe (?:in|that|angels|everything|god|the (?:moon|earth|bible|universe|government))|gita
upanishad~|veda~|guru granth|apocrypha|old testament|new testament|testament|commandment~|parable~|apostle~|disciple~|messiah~
prophe(?:t|ts|cy|cies|sied)|resurrect~|crucifi~|nativity|advent (?:service|wreath|prayer)|epiphany (?:mass|service)|ash wednesday|lenten|palm sunday
maundy|whitsun|pentecost~|ascension day|corpus christi|assumption day|novena|stations of the cross|holy~|blessing~|bless~|benediction|vespers|matins
evensong|liturg~|incense|tithe~|offertory|collection plate|alpha course|youth group at church|bible study|prayer (?:group|meeting|mat|beads|call)
call to prayer|wudu|salah|salat|namaz|jumu?ah|iftar|suhoor|sehri|zakat|umma|sunni|shia|shiite|sufi~|ayatollah|mecca|medina|kaaba|minaret|chador|niqab
turban|kirpan|gurdwara|langar|puja|aarti|mandir|ashram|satsang|brahmin|caste|sadhu|yogi\b|sangha|zazen|zen (?:master|temple|meditation|buddhis\w*)
dhamma|bodhisattva|stupa|prayer wheel|prayer flags|tallit|tefillin|mezuzah|menorah|seder|sukkot|simchat|purim|shavuot|kaddish|kippah|yarmulke|mikveh
rebbe|chabad|reform synagogue|orthodox|coptic|maronite|calvin~|unitarian~|salvation army (?:officer|church)|amish|mennonite~|hutterite|opus dei
jesuit~|franciscan~|benedictine~|dominican (?:friar|order)|friar~|abbey|abbot|abbess|cloister~|hermit(?:age)?|seminary|ordain~|ordination|deacon~
elder at church|cardinal (?:said|sarah)|archbishop|vatican|lourdes|fatima shrine|relic~|exorcis~|possessed by|holy water|last rites
funeral (?:mass|service|prayer)|grave blessing|heaven~|paradise (?:awaits|after)|hell(?:fire)?\b(?= (?:for|is|if|awaits|exists))|eternal (?:life|soul)
immortal soul|(?:my|your|his|her|immortal|lost|eternal|human) souls?|souls (?:of|live|go)|spirit~|evil spirits?|sage to cleanse|smudg(?:e|ing)
evil eye|curse(?:d)? by|hex\b|spell casting|ouija|medium (?:said|told)|past life|akashic|manifest(?:ing|ation)|law of attraction|the secret\b(?= book)
angel numbers|numerolog~|feng shui|ayahuasca ceremony|kabbalah|mystic~|gnostic~|esoteric~|new age|pantheis~|polytheis~|animis~|creationis~
evolution (?:is|isn't|theory)|intelligent design|divinely|providential|god's|godless|godfather at the christening|godmother at|god ?parent~
thank god i believe|secular~|nonbeliever~|unbeliever~|skeptic of religion|deconstruct\w* (?:my|from) (?:faith|christianity)|exvangelical|religious~
irreligious|taurus|aries|gemini|libra|scorpio|sagittarius|capricorn|aquarius|pisces|virgo|cancer sign|leo (?:sign|moon|rising)|rising sign|moon sign
birth chart|natal chart|full moon ritual|new moon ritual|lucky charm~|four ?leaf|friday the thirteenth|knock on wood|voted|voters?|voting|leave voter~
voted leave|voted remain|remainer~|leaver~|leave campaign|polling (?:station|place|card|day)|ballot|exit poll|gerrymander~|electoral~|swing state
caucus~|primary election|primaries|midterm~|runoff|candidate~ (?:for|of|who|lost|won)|candidac(?:y|ies)|incumbent|landslide|inaugurat~|impeach~
resign(?:ed|ation) of the (?:minister|president|chancellor)|cabinet (?:minister|reshuffle)|opposition (?:party|leader)
coalition (?:government|talks|deal|agreement)|bundestag|reichstag|knesset|lok sabha|capitol|white house|downing street|kremlin|westminster
supreme court|scotus|roe v wade|constitution~|amendment|legislat~|lobby(?:ist|ists|ing)|bureaucra~|technocrat~|oligarch~|dictator~|autocra~
authoritarian~|totalitarian~|regime~|tyrann~|junta|coup\b|revolution(?:ary|aries)?|resistance movement|freedom fighter~|martial law|censorship
free speech|freedom of speech|press freedom|cancel culture|political correctness|politically correct|pc culture|culture war~|propaganda|fake news
mainstream media|state media|indoctrinat~|brainwash~|registered (?:independent|democrat|republican|voter)
(?:an?|political|registered) independent\b(?! (?:film|study|school|shop|bookshop|woman|person|artist|game))|swing voter
clown (?:for president|in the white house)|vote for (?:that|him|her|them|trump|biden|harris|labour|the)|trump|trump's|trumpis~|trumpers?|biden|obama|clinton
harris (?:for|campaign)|putin~|zelensk~|netanyahu|merkel|scholz|merz|macron|le pen|boris johnson|starmer|farage|corbyn|thatcher~|reagan~|modi\b
erdogan|orban|bolsonaro|lula|xi jinping|mao\b|stalin~|lenin\b|che guevara|marx|engels|hayek|ayn rand|chomsky
union (?:rep|member|meeting|strike|dues|rights|vote)|unionis~|unioni[sz]~|their union|our union|the union
striking (?:teachers|workers|nurses|miners|drivers)|strik(?:e|ing|ers?) (?:by|of|at|against|workers)|on strike|general strike
workers(?:'| of| own| should| rights| united)|proletaria~|bourgeois~|class (?:struggle|war|conscious\w*)|eat the rich|wealth (?:tax|inequality|gap)
inequalit~|redistribut~|social justice|economic justice|universal health ?care|healthcare is a (?:human )?right|health care is a right|single payer
obamacare|public option|free market|neoliberal~|austerity|trickle down|big government|small government|deregulat~|privati[sz]~|nationali[sz]~
capital belongs|means of production|collective ownership|open borders|borders? (?:should|must|policy|control|wall|closed)|deport~|refugee~|asylum
illegal (?:immigrant|alien|migrant)\w*|undocumented|xenophob~|islamophob~|homophob~|transphob~|misogyn~|racial~
white (?:privilege|supremac\w*|nationalis\w*)|blm|affirmative action|reparations|decoloni~|apartheid|genocide|ceasefire|occupation of|intifada|hamas
idf|nato|un resolution|eu (?:membership|exit|army|policy)|european union|eurosceptic~|euroskeptic~|federalis~|sovereign(?:ty|ist)|secession~
unification|reunification|taiwan independence|hong kong protest~|tibet|xinjiang|uyghur~|kashmir|catalan independence
climate (?:change is|crisis|march|emergency|denial|hoax|activist\w*|strike\w*|policy|protest\w*|movement)|fridays for future|last generation
just stop oil|greenpeace|peta|environmentalis~|degrowth|nuclear weapons|disarmament|draft dodg\w*|conscript~|militaris~|anti ?militar\w*|warmonger~
war crime~|drone strike~|guns|gun owner|nra|open carry|euthanasia|assisted (?:dying|suicide)|same sex marriage|gay marriage|trans rights|lgbt rights
women's (?:rights|march)|suffrag~|glass ceiling|mansplain~|toxic masculinity|men's rights|incel ideology|quota~ for women
gender (?:ideology|equality|pay gap|roles|studies|neutral)|drug (?:legali[sz]ation|policy)|legali[sz](?:e|ing|ation)|vaccine mandate\w*
mask mandate\w*|lockdown (?:was|policy|protest\w*)|great reset|new world order|soros|globalis~|elites|establishment|populace
citizen~ (?:duty|rights|initiative)|civic duty|town hall meeting|city council|councillor~|alderman|school board|local elections?
ran for (?:office|mayor|council|president)|run(?:ning)? for (?:office|mayor|council|president|parliament|congress)|door ?knock\w*|phone ?bank\w*
leaflet~|flyer~ for the party|party (?:conference|congress|line|leader|leadership|platform|membership|convention|card)|convention delegate|comrade~
cadre|commissar|values~|principle~ (?:of|that|matter)|worldviews?|philosoph~|existential~|meaning of life|life after|cosmic|higher self|inner light
gratitude prayer|mindful~ (?:retreat|buddhis\w*)|silent retreat|retreat at the (?:monastery|abbey|temple)|blessing over|over the bread
say(?:s|ing)? (?:the|a) (?:blessing|prayer|rosary)|fasts? (?:before|for|during|until)|fasting\b(?! glucose)
abstain(?:s|ed|ing)? from (?:meat|pork|alcohol) (?:for|because|during|on)|no meat on friday|believer|i believe|i don't believe in|don't believe in any
lost (?:my|his|her) faith|found (?:god|jesus|faith)|turned to god|closer? to god|walk with god|testimony at church
witness(?:ing|ed)? to (?:him|strangers)|political~|convert(?:ed|ing)? (?:to|from)
vot(?:e|ed|ing) (?:conservative|labour|labor|liberal|green|left|right|red|blue|yes|no|for|against)|raise taxes on|tax(?:es)? on the rich|same ?sex
astrology|meditate (?:every|each|as)|marriage equality
(?:after|beyond|before|following) (?:death|we die|you die|i die|dying|this life)|when (?:we|you|i) die|nothing (?:comes )?after
(?:kill|killing|eat|eating|exploit\w*|harm|harming) (?:other )?(?:animals|living (?:beings|things|creatures)|sentient)
animal (?:cruelty|suffering|rights|welfare|liberation)|(?:factory|industrial) farming
(?:life|existence|the universe|everything|nothing|suffering|death) (?:has|have|had|is|isn't|hasn't|does|needs?|without) (?:no |any |a |some |got |really )?(?:meaning\w*|purpose|point|pointless|sacred|illusion|absurd|predetermined|in (?:god's|his) hands|part of (?:a|the|some) plan)
meaning (?:of|in|to|for) (?:life|it all|existence)|purpose (?:of|in) life
(?:i think|i believe|i feel|i'm convinced|in my view|in my opinion|if you ask me|i support|i oppose|i'm (?:for|against|in favou?r of|all for)|we should|they should|it's (?:wrong|right|unfair|time) (?:that|to)|should) (?:\w+ ){0,7}?(?:immigra\w+|migrants?|taxes|taxed|borders?|police|prisons?|the army|military|weapons|arms|guns?|unions?|the state|the system|society|the rich|billionaires|corporations?|the king|the queen|monarchy|royals?|welfare|nuclear|climate|fossil|poverty|housing policy|public (?:schools?|transport|broadcast\w*)|women's|minorities|drugs|cannabis|marriage|euthanasia|war|peace|borders|foreign(?:ers)?|the eu|the un|voting|democracy|freedom|equality|justice|human nature|free will|sin|hell|marijuana|sex work|surveillance|censorship|reparations|quotas?)(?=[ .,!?]|$)(?! (?:movie|film|song|museum|game|of the worlds))
(?:free will|fate) (?:is|exists?|does)|(?:signs?|message) from (?:above|god|the universe|heaven)
(?:watching|watches|looks?|looking) (?:down on|over) (?:me|us|you) (?:from above|from heaven)?|in a better place now
(?:the )?(?:good lord|almighty|creator|holy one)
(?:went|go|goes|going|been|returned|belong\w*) (?:back )?to (?:a |my |our |the )?(?:church|mass|temple|mosque|synagogue|shul|confession|gurdwara|prayers?)
(?:break|breaking|broke|keep|keeping|kept|observe|observing) (?:my |the |our )?(?:fast|sabbath|shabbat|lent|ramadan)
(?:religious|church|interfaith) (?:wedding|family|upbringing|school|holiday)
(?:raised|brought up|grew up|born) (?:\w+ )?(?:catholic|muslim|hindu|jewish|christian|buddhist|atheist|baptist|mormon|religious|secular|in the church|in a (?:\w+ )?(?:church|faith|cult|sect))
(?:march|marched|marching|demonstrat\w+|rall(?:y|ied)|took to the streets|blocked (?:the|a) (?:road|street)) (?:\w+ ){0,4}(?:for|against|because|to (?:demand|protest|stop))(?= )
(?:politicians?|ruling class|the (?:prime )?minister|lawmakers|the (?:left|right|far right|opposition|party|coalition)) (?:are|is|don't|doesn't|only|never|always|just|lie|lies|lied|should|has|have|failed|promised)
demos? (?:against|for|in (?:front|town|the city)|on|yesterday|downtown|last)
(?:against|oppose|opposed|support|supports|supporting|protest\w*) the (?:\w+ )?(?:reforms?|law|bill|cuts|ban|policy|policies|pipeline|regime|coup|occupation|strike|curfew|monarchy|tax|decree|union)
(?:pension|tax|land|prison|immigration|electoral|health|school) reforms?
(?:wear|wears|wearing|wore) (?:a|my|the|his|her) (?:\w+ )?(?:cross|crucifix|star of david|hamsa|kippah|turban|veil|headscarf|amulet|prayer beads|talisman|habit|saint \w+)
(?:sins?|guilt|grace|mercy|providence|salvation) (?:of|is|before|and)
(?:people|humans?|mankind|humanity|everyone|we) (?:are|is|were) (?:(?:all|born|basically|inherently|fundamentally|naturally|created) )*(?:good at heart|evil|selfish|equal|sinners?|free|good|bad by nature|one)(?=[.,!?]|$| by| in| deep)
(?:political|party|voting|world|religious) (?:views?|opinions?|beliefs?)
(?:can't stand|hate|despise|fed up with|sick of|trust|don't trust|admire|like) (?:that|this|the|our|these|those|all) (?:\w+ )?(?:senators?|politicians?|ministers?|president|chancellor|party|government|mayor|mp|mps|liberals|conservatives|communists|right|left|regime|king|queen|church|system|press|media)
(?:should|must|ought to) be (?:free|public|available|affordable|allowed|legal|accessible|guaranteed|a right|taxed|banned|paid by)(?: (?:for|to) (?:all|every\w*|anyone|the poor))?
(?:support|trust|joined|join|left|leave|elect|back) (?:a|any|the|that|this|my|another|no) (?:\w+ )?part(?:y|ies)(?= (?:that|which|who|after|because|when|over|since|in|for)|[.,!?]|$)
party that (?:ignores|denies|wants|fights|stands|promises|lies|cares)|(?:ignor|den|fight|car|do|did)\w* (?:\w+ )?(?:about |for |against )?(?:the )?climate
"""

FIGURES: Final = r"""
(?:oh )?my (?:god|gosh|goodness|lord)|oh (?:god|lord)
(?:^|[.,!?] ?)(?:god|lord|jesus|christ),? (?:i'm|i am|it's|that|that's|what|how|this|was|no|yes)(?= )(?! (?:blessed|saved|love))
thank (?:god|heavens) (?:it's|it was|for the (?:weekend|coffee|air|rain|bus|wifi)|the (?:bus|train|weekend|exam|rain))|for (?:god's|heaven's|christ's) sake
god ?(?:knows|damn|forbid|awful)\w*|good (?:lord|god|heavens)|holy (?:cow|moly|smokes|crap|shit|guacamole|mackerel|grail)|bless you
(?:greek|norse|roman|egyptian) gods?|god of war|heavenly (?:cake|taste|smell|view|bread|chocolate|soup|dessert|weather|scent|voice)
(?:is|was|tastes?|tasted|smells?|smelled|smelt|are|were|sounds?|sounded|feels?|felt|looks?|looked) (?:so |simply |absolutely |just |truly |really |like )*(?:heavenly|heaven|divine|paradise)(?=[.,!?]|$)
heaven on earth|(?:hell of a|(?:as|like|bloody|what the) hell)|devil's advocate|devil is in the details|speed demon|demon slayer|(?:snow|charlie's) angels?
angel (?:food|hair) \w+
(?:is|was|are|were|'s|you're|such|be) (?:such )?(?:an?|my|a real|a little|a total|a true) ?(?:\w+ )?(?:angel|angels|saint|devil|demon|guru|miracle worker)(?=[.,!?;]|$| today| when)
(?:tech|marketing|fashion|fitness|gardening|excel|coffee) gurus?
(?:dress(?:ed|ing|es)? (?:up )?as|went as|costumes? of|playing|play|played) (?:a |an |the )?(?:\w+ )?(?:witch|witches|ghosts?|monks?|nuns?|priest|devil|angel|druid|pope|demon)(?= (?:for|at|costume)|[.,!?]|$)
(?:ghost|witch|devil|angel|nun) (?:costume|hat|stor(?:y|ies)|towns?|writer|train|films?|movies?|house)s?|ghost ?busters
(?:druid|priest|paladin|monk|shaman|cleric) (?:class|build|character|in the game)
(?:team|community|competitive|fighting|pioneer|good|high|festive|adventurous|low|free|school|club) ?spirits?(?: of)?|that's the spirit|spirited away
soul (?:music|food|singer|album)|(?:not a|poor|every|old) souls?(?=[.,!?]|$| (?:was|in sight))
cult (?:films?|classics?|movies?|series|following|status|bands?|hits?|shows?)
(?:morning|evening|coffee|tea|bedtime|daily|sunday|weekend|skin ?care|saturday|friday|nightly|weekly|writing|reading|breakfast|little) (?:\w+ )?rituals?
moral (?:of the (?:story|film|book|tale)|support|boost)|morale|(?:work|working) ethics?
(?:the|these|those|missing|null|nutritional|default|numeric|colou?r|cell|return) values|values (?:in the|of the) (?:table|sheet|column|file)
philosopher's stone
(?:philosophy|ethics|political science|politics|history|government|civics|theology|religion) (?:class|exam|lecture|seminar|teacher|textbook|homework|degree|course|major|paper|essay|student)s?
(?:stud(?:y|ies|ied|ying)|major(?:ed)? in|degree in|course in) (?:political science|politics|theology|philosophy|religious studies)|political science
(?:documentary|podcast|novel|book|film|movie|lecture|essay|exam|report|read|reading|chapter|exhibition|quiz|lesson|paper|presentation) (?:about|on) (?:(?:the|a|an|ancient|old|medieval|roman|french|russian|american|industrial) )*(?:republic|revolution|temples?|monarchy|parliament|cathedrals?|monks?|druids?|civil war|gods|mythology|witches|popes?|senate)
(?:industrial|digital|green|tech|scientific) revolution|strikes? (?:at|in) (?:bowling|baseball)|strikes? a (?:pose|balance|chord)
bowl(?:ed|ing) (?:a|two|three) strikes?|resistance bands?|liberal(?:ly)? (?:amount|use|with|sprinkl\w*|helping|portion|dose|dash|splash|season\w*)
conservative (?:estimate|guess|cut|design|style)
(?:turn(?:s|ed)?|go|goes|went|look|looked|keep|move|moved|drive|drove|slide|slid|bend|bent|on|from) (?:to |on )?the (?:left|right)(?=[.,!?]|$| (?:is|was|at|of the|there|before|after|are|looks?|has|and)| side)(?! (?:is|was|are|has) (?:\w+ )?(?:wrong|lying|corrupt|destroy\w+|ruin\w+))
the (?:one|house|door|shop|man|woman|girl|building|picture|person) (?:on|to) the (?:left|right)
the left (?:one|side|shoe|sock|door|hand|lane|picture|sleeve|earbud|speaker|foot|eye|ear|window|leg|arm)
(?:a|small|minor) miracle(?: that)? (?:i|he|she|we|they|nobody|no one|anyone|it)(?= )|(?:have|has|had) to confess|i (?:must )?confess(?=,| i )
(?:guilty|little|awkward) confession
i (?:do |really |honestly )?believe(?: that)? (?:(?:he|she|it|they|you|that|this|we)(?:'s|'re|'ll|'d|'ve| (?:is|was|are|were|will|has|have|had|would|went|said|left|comes?|works?|likes?))|my|our|(?:the|a|an) (?!(?:moon|earth|bible|universe|government|state|world|soul|dead|rich|poor|church|lord|truth|future|system|stars|media|elites?|elections?|afterlife|god|higher|creator|spirit|soul|better)\b)\w+|in (?:you|her|him|them|us|our team|my team|the team|myself))(?! (?:all|god|evil|sin|sinful|sacred|with us|should|reborn|souls?)\b)
i (?:don't|can't|cannot|do not) believe (?:it|him|her|you|them|the (?:weather|forecast|news|time)|a word|that (?:he|she|it)|he|she|it's|how)|believe it or not
make believe|believe me
faith in (?:you|them|me|myself|us|my|our|your|their|that|this|her|the (?:team|project|plan|kids|students|process))(?! (?:lord|god|saviou?r|religion|church|creator))
(?:good|bad) faith|leap of faith|faithful (?:dog|old|companion|bike|readers?|mug|copy|cover|adaptation)|religiously
(?:vote|votes|voted|voting|my vote(?:'s| is| goes)?) (?:(?:is|goes|for|on|to|we|that|with|the|a|an|which|what|where|having|going|watching|getting|ordering|our) )*(?:pizza|sushi|pasta|thai|tacos?|noodles|ramen|burgers?|curry|film|movie|songs?|restaurant|names?|best|beach|lake|park|zoo|museum|colou?r|logo|cakes?|ice cream|dinner|lunch|book|class|captain|winner|photos?|staying|cinema|bowling|karaoke|board games?|mascot|title|game|player|contestant|dish|recipe|dessert|go|watch|order|stay|eat)(?: (?:trip|rep|tonight|tomorrow|today|instead))*
(?:class|student|club|company|team|bank|choir) president
(?:president|chairman|chairwoman|member|minister) of (?:the|a|our|my|his|her) (?:\w+ ){0,2}(?:club|society|company|team|choir|class|council|band|school|orchestra|fan club)
elected (?:me |him |her |us )?(?:as )?(?:class|team|club) \w+|board elections?
(?:church|temple|cathedral|chapel|monastery|abbey|mosque) (?:towers?|bells?|clock|roof|square|spire|steeple|street|hill|ruins?|yard|courtyard|gardens?|architecture)
(?:bells?|towers?|roof|clock|ruins?|spire|steeple|organ) of (?:the|an?) (?:\w+ )?(?:church|cathedral|chapel|abbey|monastery|mosque|temple)
(?:past|near|behind|opposite|beside|next to|in front of|across from|by|sketched|sketch of|drew|drawing of|painted|painting of|photographed|photos? of|pictures? of|admired|visited|toured|saw) (?:the|an?|some|this|that|many|several|two|three|lots of) (?:\w+ ){0,2}(?:church|churches|temples?|cathedrals?|chapels?|monastery|monasteries|abbey|mosques?|synagogue|shrines?|pagoda)(?! (?:service|choir|group|to pray|mass))
(?:mayor|minister|governor) (?:opened|visited our|cut the|came to our|handed|gave out)|four ?leaf(?:ed)? clovers?(?! (?:brings?|for (?:good )?luck))
blessing in disguise|mixed blessing|mass (?:production|market|email|of people)|lent (?:me|him|her|us|them|it|out)|cardinal (?:direction|number|points?)s?
assassin's creed
convert(?:ed|s|ing)? (?:\w+ ){0,4}(?:to|into) (?:a |an |my |our )?(?:pdf|mp3|jpe?g|csv|kilomet\w+|studio|office|word|png|video|text|bedroom|camper|gym|workshop|celsius|grams)
(?:d&d|dnd|marketing|ad|advertising|single player|game|rpg) campaigns?|campaign (?:in|of|mode) the (?:game|rpg)|the campaign in the game
trumpet\w*|trump (?:card|suit)s?|values (?:of|for) (?:x|the (?:variable|parameters?))
(?:vote|votes|voted|voting) (?:for|on|against) (?:the|a|an|my|her|his) (?:\w+ )?(?:logo|design|poster|name|colou?r|one|shirt|cake|drawing|photo|song|film|movie|restaurant|mascot|title|cover|layout|recipe|theme|costume|flavou?r|version|font)
(?:surprise|birthday|garden|dinner|tea|house|office|dance|pizza|farewell|costume|halloween|beach|pool|slumber) part(?:y|ies)
(?:should|must) be (?:free|available|allowed) (?:by|at|on|from|tomorrow|next|in an hour)
"""
"""Expressions in which words of the topic mean something else: exclamations, compliments, costumes, sights, subjects of study, clubs and directions."""
