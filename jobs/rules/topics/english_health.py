# ruff: noqa: E501 - an alternative of a pattern is not broken
"""English words and phrases about health: illness, pain, medicine, treatment, weight, pregnancy, addiction; jobs/rules/topics/english.py reads them."""

from __future__ import annotations

from typing import Final

WORDS: Final = r"""
ill|illness~|sick|sickness|unwell|ailment~|disease~|diagnos~|symptom~|prognosis|syndrome~|disorder~|infect~|virus~|viral|bacteri~|contagious|epidemic
covid~|corona|flu|influenza|hiv|aids|std|sti|herpes|syphilis|chlamydia|gonorrh~|hpv|hepatitis|tuberculosis|malaria|measles|mumps|chickenpox|shingles
sepsis|pneumonia|bronchitis|sinusitis|tonsil~|laryngitis|cancer~|tumou?r~|leuk~|lymphoma~|lungs?|melanoma~|carcinoma~|chemo|chemotherapy|radiotherapy
biops~|oncolog~|metasta~|malignant|benign|cyst|cysts|lump|lumps|polyp~|metabolic|diabet~|insulin
blood (?:sugar|pressure|test|tests|count|work|clot~|type|donation|results?)|(?:gave|give|giving|donat\w+|draw\w*|drew|lost|losing) blood|cholesterol
hypertension|hypotension|an?emi[ac]~|asthma~|inhaler~|copd|apn?oea|cpap|allerg~|intoleran~|lactose|gluten|coeliac|celiac|hay ?fever|anaphyla~|epipen
eczema|psoriasis|acne|rash|rashes|hives|itch~|dermat~|mole on|fung(?:al|us)|wart|warts|arthrit~|rheuma~|osteopor~|gout|sciatica|slipped disc~|herniat~
scoliosis|spine|spinal|fibromyalgia|lupus|sclerosis|parkinson~|alzheimer~|dementia|epilep~|seizure~|stroke|concuss~|migraine~|headache~|tinnitus
heart (?:attack~|disease~|failure|surgery|condition~|murmur|rate|was racing|is racing|racing)
my heart (?:races|raced|is racing|was racing|skips|pounds|pounded)|cardi(?:o|ac)\w*|arrhythmia|palpitation~|pacemaker|angina
chest (?:pain~|tight\w*|infection)|short of breath|out of breath|couldn't breathe|could not breathe|can't breathe|cannot breathe
breathing (?:trouble|problems?|difficult\w*)|thyroid|hashimoto~|hormon~|adrenal|liver|kidney~|pancrea~|gallbladder|gallstone~|bladder|prostate|bowel~
colon|colonoscop~|endoscop~|ibs|crohn~|colitis|ulcer~|reflux|heartburn|gastr~|h(?:a)?emorrhoid~|appendi(?:x|citis)|hernia~|transplant~|dialysis
amputat~|prosthe~|crutch~|wheelchair~|disab(?:led|ility|ilities)|paraly~|limp|limps|limped|limping|deaf|deafness|blindness|blind in|hearing aid~
my hearing|my eyesight|my vision|pain|pains|painful|painkiller~|ache|aches|ached|aching|achy|hurts?|hurting|sore|soreness|cramps?|cramping|swell~
swollen|swelled|inflam~|bruis(?:e|es|ed)|bleed~|bled|blister~|burned my|burnt my|sunburn~|stitches|wound|wounds|wounded|scar|scars|scab~
(?:broke|broken|fractur\w+|sprain\w*|twist\w+|dislocat\w+|tore|torn|pulled|strain\w+) (?:my|his|her|a|an|the|two|three|both)? ?(?:left |right |little |big )?(?:wrist|ankle|arm|leg|foot|toe|toes|finger|fingers|hip|knee|rib|ribs|collarbone|collar bone|shoulder|elbow|hand|nose|jaw|neck|back|tendon|ligament|acl|meniscus|muscle|hamstring|calf|tooth|bone|bones)
fractur~|sprain~|dislocat~|shin splints|torn ligament~|tendonit~|tendinit~|plantar~|carpal tunnel|cast on my|in a cast|plaster cast|bandag~|first aid
my (?:left |right |lower |upper |whole |stupid )?(?:back|knee|knees|hip|hips|shoulder|shoulders|neck|stomach|belly|throat|tooth|teeth|gums?|ear|ears|eye|eyes|joints|wrists?|ankles?|feet|head|chest|lungs?|skin) (?:is|are|was|were|has been|have been|has|have|keeps?|feels?|still|hurts?|aches?|went|gives?|gave|swells?|itch\w*|burns?)
cut my (?:finger|hand|foot|thumb|arm|leg)|hit my head|threw out my back|toothache~|earache|backache~|stomach ?ache~|sore throat|root canal
wisdom (?:tooth|teeth)|dentist~|dental|filling in|cavity|cavities|tooth pulled|orthodont~|braces|fever~|feverish|temperature of (?:3\d|4\d|10\d)
chills|shiver~|cough~|sneez~|runny nose|blocked nose|stuffy nose|nose (?:won't|wont|keeps|is) (?:stop )?running|congested|phlegm
a (?:bad |nasty |heavy |terrible |slight |head )?cold|(?:caught|have|has|had|got|with) colds?|colds|nause~|vomit~|threw up|throw up|throwing up|puke~
puking|diarrh~|constipat~|indigestion|bloat~|food poisoning|keep (?:any |my )?food down|dizz~|faint~|pass(?:ed)? out|blacked out|light ?headed|vertigo
fatigue|exhaustion|sick to my stomach|stomach (?:bug|flu|pain\w*|trouble|problem\w*|upset|cramps?)|upset stomach|insomnia|sleepless~
(?:can't|cannot|couldn't|could not|trouble|unable to|barely|hardly) (?:fall(?:ing)? a)?sleep(?:ing)?|sleep (?:disorder|paralysis|clinic|apn\w+)
sleeping pill~|nightmare disorder|narcolep~|melatonin|depress~|antidepress~|anxi(?:ety|eties|ous)|panic attack~|panic disorder|bipolar|manic|mania
schizo~|psycho(?:sis|tic|therap\w*|log\w* (?:help|support|evaluation))|psychiat~|ptsd|trauma~|ocd|adhd|add medication|autis~|asperger~|neurodiver~
borderline personality|burn ?out|burnt out|burned out|nervous breakdown|mental (?:health|breakdown|illness\w*|hospital)|breakdown at
therap(?:y|ist|ists|ies)|counsel(?:l)?ing for my|my counsel(?:l)?or|my shrink|self ?harm~|cutting myself|suicid~|kill myself|end my life|anorexi~
bulimi~|binge~|purg(?:e|ed|ing)|eating disorder~|body dysmorph~|sober|sobriety|alcoholi~|relaps~|rehab~|detox~|withdrawal symptoms?|addict~
quit (?:smoking|drinking|vaping)|(?:stopped|gave up|giving up|stop) (?:smoking|drinking)|nicotine|overdos~|hangover|hung ?over|drunk too much
drinking too much|aa meeting~|doctor~|physician~|gp|gps|surgeon~|surger~|surgical|operat(?:e|ed|ion) (?:on|for|went)
(?:hip|knee|heart|brain|eye|back) operation|operation on|my operation|hospital~|clinic|clinics|emergency room|a&e|ambulance~|icu|intensive care|ward
nurse|nurses|midwi(?:fe|ves)|paramedic~|check ?up|checkups?|medical~|medic(?:ine|ines|ation|ations)|medicated|meds|pill|pills
tablets? (?:for|every|twice)|iron tablets?|drug(?:s)? (?:for|trial|against)|dose|doses|dosage|prescri~|pharmac~|chemist's|antibiot~|painkill~|aspirin
ibuprofen|paracetamol|tylenol|advil|cortis~|steroid~|statin~|sertraline|prozac|ritalin|xanax|lithium|metformin|ozempic|vaccin~|jab|jabs
booster (?:shot|jab)|flu shot|shot (?:today|in my arm)|injection~|infusion~|transfusion~|iv drip|mri|ct scan~|x ?rays?|ultrasound~
scan (?:showed|results?|was|came)|the scan|ecg|ekg|mammogram~|pap smear|smear test|lab (?:results?|values|tests?|work)
test(?:ed)? (?:positive|negative)|positive test|physio~|chiropract~|osteopath~|acupunct~|massage for my|orthop~|neurolog~|urolog~|gyn(?:a)?ecolog~
obgyn|pediatric~|paediatric~|optician~|ophthalm~|optometr~|new glasses|contact lens~|short ?sighted~|near ?sighted|diopt~|audiolog~
sick (?:leave|note|days?|pay)|signed (?:me )?off|off sick|called in sick|waiting list for|pregnan~|morning sickness|miscarr~|stillb~|abort(?:ed|ion)s?
contracept~|birth control|iud|the pill|ivf|fertil~|infertil~|ovulat~|my period|period (?:is|was|pain\w*|cramps?|came)|menstru~|pms|menopaus~
hot flush~|hot flash~|endometrio~|pcos|labou?r (?:pains?|began|started)|contractions|c ?section|caesarean|breast ?feed~|breast cancer|postpartum
postnatal|due date|trimester~|weeks along|healthy baby|weigh (?:\d+|in|myself|too|less|more)|my weight
(?:lost|lose|losing|gained|gain|gaining|put on) (?:\w+ ){0,3}(?:weight|kilos?|kg|pounds|lbs|stone)|overweight|obes~|underweight|bmi|on a diet|new diet
my diet|crash diet|dieting|calorie deficit|keto|fasting glucose|bariatric|health|healthy
health(?:care| care| insurance| problem\w*| scare| issue\w*| condition\w*)|recover(?:y|ing|ed|s)? (?:from|well|after|at)|convalesc~|heal(?:ed|ing|s)?
cure|cured|remission|chronic|hereditary|genetic (?:test|condition|disorder)|immun~|immune system|vitamin (?:d|b12|deficien\w*)|supplement(?:s)? for
lifting anything|under observation|patient at|as a patient|patients|terminal(?:ly)? ill|an?esthe~|sedat(?:e|ed|ion|ive\w*)|cataract~|glaucoma|cornea~
retina~|conjunctivitis|pink ?eye|stye|eye (?:drops|patch|infection|surgery|test|exam|doctor|strain)|colou?r ?blind~|knee brace|neck brace|brace on
wrist brace|splint~|sling (?:on|for)|cane now|walking stick|walker now|walking frame|iron (?:is|level\w*|deficien\w*|infusion)|vitamin~
deficien(?:cy|t)|b12|ferritin|magnesium for|electrolytes|dehydrat~|malnutrition|malnourish~|stent~|bypass (?:surgery|operation)|catheter~|colostomy
stoma|aneurysm~|ha?emorrhag~|embolism|thrombos~|varicose~|woozy|queasy|groggy from|faint|shaky|trembl~|tremor~
my hands? (?:shake|shakes|shook|trembl\w*)|numb|numbness|tingl(?:e|es|ing)|pins and needles|spasm~|twitch~
stiff (?:neck|back|knee\w*|joints?|shoulder\w*)|stiffness|teething|tooth (?:came|broke|fell|cracked|is)|chipped (?:a|my) tooth|crown (?:on|for) my
dentures|invisalign|retainer for|hear(?:d|ing)? voices|hallucinat~|paranoi~|delusion~|low mood|mood swing~|moods|mood stabili[sz]er~
feel(?:ing)? (?:hopeless|worthless|suicidal|empty inside|numb|faint|feverish|ill|sick|queasy|shivery|woozy|dizzy|unwell|poorly|low)
felt (?:hopeless|worthless|suicidal|empty inside|numb|faint|feverish|ill|sick|queasy|woozy|dizzy|unwell|poorly|low)|hopelessness|grief counsel\w*
crying (?:all|every|spell\w*|at work)|can't get out of bed|get out of bed|out of bed for|stopped functioning|dissociat~|phobia~|agoraphob~
claustrophob~|emdr|cbt|in therapy|therapy|session with my|support group|crisis line|hotline|psych ward|psychological~|psychologist~|mental~|nerves are
stress(?:ed)? out|stress level\w*|stress leave|overwhelmed to|panick(?:ed|ing)|panicky|hypervent~|breathless~|wheez~|rattl\w+ chest|asleep until four
lexapro|zoloft|cymbalta|wellbutrin|effexor|citalopram|escitalopram|fluoxetine|venlafaxine|mirtazapine|bupropion|seroquel|quetiapine|olanzapine
risperidone|aripiprazole|valium|diazepam|lorazepam|ativan|klonopin|ambien|zopiclone|adderall|concerta|vyvanse|methylphenidate|propranolol|bisoprolol
ramipril|lisinopril|amlodipine|metoprolol|warfarin|eliquis|heparin|levothyroxine|thyroxine|omeprazole|pantoprazole|ventolin|salbutamol|prednisone
prednisolone|amoxicillin|penicillin|doxycycline|methotrexate|humira|tramadol|morphine|oxycodone|opioid~|codeine|naproxen|diclofenac|voltaren
antihistamin~|cetirizine|loratadine|benadryl|claritin|zyrtec|imodium|laxative~|antacid~|tums|gaviscon|mounjaro|wegovy|semaglutide|viagra|minoxidil
finasteride|accutane|cough (?:syrup|drops)|throat lozenge~|nasal spray|cream for my|ointment~|plaster on|band ?aid~|ice pack|heat pad|heating pad
hot water bottle|thermometer~|blood pressure|on (?:day|week) \w+ of antibiotics|side effects?|off my meds|alcohol~|drunk
drinking (?:again|problem|less|every|alone|habit)|drink (?:too|less|every|alone|problem)|drank (?:too|again|a whole|two bottles|alone)|binge drink~
cut(?:ting)? down on (?:alcohol|drink\w*|smoking|cigarettes|sugar|salt)|cigarette~
smok(?:e|es|ing|ed|er) (?:again|a pack|too|less|\d+|since|weed|cigarettes)|smoker|vap(?:e|es|ing)|weed (?:again|every)|cannabis|cocaine|heroin
hangovers?|clean for (?:\d+|\w+) (?:days|weeks|months|years)|craving~ (?:for|since|again)|twelve step\w*|overeat~|bing(?:e|ed|ing) (?:eat\w*|and)
stung|sting|bee sting|wasp|tick bite|bitten by|dog bite|bite (?:is|got|swelled)|snake ?bite|poison~|burns|scald~|frostbit~|heat ?stroke|hypotherm~
electrocut~|concussed|knocked out|black eye|nose ?bleed~|nose bled|fat lip|graze(?:d)?|scrape(?:d|s)? my|scratched my|splinter in|stubbed my
bumped my head|banged my (?:head|knee|elbow)|fell (?:down the stairs|off (?:my|the) (?:bike|ladder|horse))|slipped on the ice|whiplash|car accident
injur(?:y|ies|ed|e)|bruise|hobbl~|on crutches
my (?:bad|good|sore|stiff|swollen|broken|sprained|injured|dodgy|gammy|wonky|poor) (?:knee|back|hip|ankle|shoulder|foot|leg|arm|hand|wrist|neck|tooth|stomach|ear|eye|heart)
muscle (?:pain|ache\w*|tear|strain|relaxant\w*)|tendon~|ligament~|cartilage|meniscus|achilles|rotator cuff|hamstring~|groin|physio|rehab
specialist (?:wants|said|says|about|appointment)|scan|scans|scanned|screening~|check up|medical|lab|labs (?:came|back|were)|my results|test results?
results (?:were|are|came|from the (?:doctor|lab|hospital|clinic))|referr(?:ed|al) to|second opinion|consultant (?:said|says|thinks)|bedside|bedridden
hospice|nursing home|care home|caregiver~|carer for|palliative|terminal illness|deathbed|autopsy|coma|comatose|life support|ventilator
oxygen (?:tank|level\w*|mask)|defibrill~|resuscit~|paramedics|er visit|in the er|urgent care|walk in clinic|nhs|health insurance|medicare|medicaid
sick bay|sick child|quarantin~|isolat(?:e|ing|ed) (?:at|with|because|after)|lockdown fever|mask because|long covid|monkeypox|mpox|norovirus|rotavirus
salmonell~|lyme|mono|glandular fever|strep|impetigo|scarlet fever|croup|rsv|whooping cough|ear infection|sinus~|adenoids|polyps|deviated septum
snor(?:e|es|ing) (?:because|study|so|clinic)|sleep (?:study|deprivation|deprived|badly|terribly|schedule is)
slept (?:badly|terribly|three hours|two hours|four hours|not at all|an hour)|awake (?:all night|until|since|half the night)|sleep deprived|jet ?lag
exhausted|fatigued|run down|worn out and ill|no energy|drained and|weak(?:ness)? (?:in|after|from)|feeling weak|under the weather|off colou?r
sickle cell|h(?:a)?emophil~|thalass~|cystic fibrosis|down'?s syndrome|cerebral palsy|muscular dystrophy|ms (?:is|and|relapse|flare\w*)|has ms|have ms
als\b|huntington~|spina bifida|cleft|dyslexi~|dyspraxi~|tourette~|stutter~|stammer~|carrier of|hereditary~|gene (?:test|for|mutation)|brca~|genetic~
rh negative|blood type|congenital~|birth defect~|prematur(?:e|ely)|incubator|nicu|newborn|birth|gave birth|give birth|birthing|in labou?r|labou?r ward
water broke|waters broke|epidural|doula|nursing (?:the|my) baby|latch|mastitis|bump is showing|kicks? in my belly|expecting (?:a|our|twins|in|again)
she's expecting|i'm expecting|we're expecting|first trimester|scan at twelve|egg (?:freezing|donor|retrieval)|sperm (?:count|donor|test)|vasectomy
tubes tied|hysterectomy|fibroids?|cervical|cervix|ovar(?:y|ies|ian)|uter(?:us|ine)|vagin~|thrush|uti|cystitis|yeast infection|testic~|erectile
impoten~|low testosterone|hrt|estrogen|oestrogen|perimenopaus~|the scale (?:said|says|shows|showed)|scales (?:said|say|show\w*)
kilos? (?:less|lighter|heavier|down|up|off|gone|lost|since)|pounds (?:less|lighter|heavier|down|off|lost)|stone (?:lighter|heavier|overweight)
slimm(?:er|ing|ed)|skinny fat|belly fat|fat loss|weight~|waist|dress size|calor(?:y|ies|ie)|carbs|low carb|intermittent fasting|detox|juice cleanse
appetite|can't eat|couldn't eat|lost my voice|no voice|hoarse~|voice is gone|eyelid~|dry eyes|floaters|eye doctor
hair (?:loss|is falling|falls out|fell out)|bald(?:ing|ness)?|dandruff|lice|scabies|ringworm|athlete's foot|ingrown|bunion~|nail fungus|callus~|corns
boil(?:s)? on|abscess~|pus|cold sore~|mouth ulcer~|canker~|gum(?:s)? (?:bleed\w*|hurt|are|disease)|halitosis|bad breath|body odou?r
sweat~ (?:at night|through)|night sweats|incontinen~|peeing blood|pee (?:burns|a lot|every)|urin(?:e|ary|ate\w*)|stool~|poop~|fart~|piles
runs\b(?= all night)|the runs|motion sickness|seasick|carsick|altitude sickness|hearing (?:test|loss|problem\w*|damage|got|is)|eyesight|eye ?sight
(?:feel(?:ing)?|felt|been) (?:really |so |very |quite |a bit |pretty )?(?:down|blue|awful|terrible|rotten|poorly|rough|weak|wretched|miserable|bloated|achy|burnt out)
can(?:'t|not)? (?:barely |hardly )?walk|barely walk|hardly walk
can't (?:stand(?= up|ing|[.,!?]|$| on| for (?:long|more)| without)|bend|lift my|move my|breathe|focus|concentrate|feel my|hear|see properly|stop (?:shaking|crying|worrying|scratching|coughing))
(?:stomach|belly|tummy|kidney|back|neck|chest|head|ear|tooth|knee|hip|foot|leg) (?:is|are|problem\w*|issue\w*|trouble\w*|infection|operation|surgery|injury|pain\w*|ache\w*|cramp\w*|killing|hurts?|stone\w*)
my (?:knees|nerves|immune system|tummy|tonsils|sinuses|bowels|bladder|heart|liver|kidneys|lungs|thyroid|womb|ovaries|prostate|spine|muscles|fever|cough|cold|illness|condition|diagnosis|treatment|operation|surgery|recovery|doctor|therapist|dentist|nurse|surgeon|psychiatrist|medication|meds|tablets|pills|inhaler|prescription|allergy|allergies|asthma|diabetes|migraines?|depression|anxiety|disability|wheelchair|crutches|cast|bandage|scar|wound|rash|symptoms|pregnancy|due date|miscarriage|cycle|periods|hangover|addiction|sobriety|insomnia|sleep (?:problems|apnoea)|panic attacks|mental health|blood pressure|cholesterol|weight|bmi|diet)
treatment~ (?:for|at|plan|starts|is|was)|treated for|suffer(?:s|ed|ing)? from
struggl\w+ with (?:my )?(?:weight|food|sleep|sobriety|alcohol|addiction|illness|anxiety|depression)
ran out of (?:my )?(?:meds|pills|insulin|medication)|appointment with (?:my|the|a) (?:doctor|therapist|dentist|gp|specialist|surgeon|consultant)
(?:doctor's|hospital|clinic|dental) appointment|quit sugar|epidemic~|pandemic~|caught (?:something|it from|a bug|covid)|tested for
going around at (?:work|school)|stitch up|patched up|worn out knees|hip replacement|knee replacement|replacement surgery
blood(?! (?:oranges?|moon|brothers?|relatives?|sausage|line|lines|sport|bath))
(?:had|have|having|touch(?:ed)?) (?:a|another|one) drink (?:in|for|since)
(?:haven't|hasn't|not|never|no longer|stopped|without) (?:had a )?(?:drink(?:ing)?|drunk|drank)|teetotal~|breaking out badly|my skin
skin (?:is|was|condition|cancer|problem\w*|rash|care doctor|infection|feels|burns|itches)|break ?outs?|breakout on my|pimple~|zits?|can't swallow
hurts? (?:to|when) (?:walk|swallow|sit|breathe|move|i)|go(?:es)? numb|goes? to rehab|condition (?:is|got|has|worsen\w*)|going into labou?r|in ?labou?r
water birth|nurse said|doctor says|doctor said|the doctor|a doctor|my doctor|eye exam
(?:hurt|injured|bruised|twisted|sprained|strained|dislocated) (?:my|his|her|one of my|both my) \w+
my (?:son|daughter|mother|mum|mom|father|dad|brother|sister|wife|husband|grandma|grandpa|child|baby|kid|friend) (?:has|had|got|is|was|suffers? from) (?:\w+ )?(?:autism|autistic|cancer|diabet\w+|dementia|sick|ill|unwell|in hospital|depressed|dying|allerg\w+|asthma\w*|flu|fever|covid|pregnant|disabled|deaf|blind|adhd|epilep\w+)
die~ of|dying (?:of|from)|death ?bed|life ?threatening|survived (?:cancer|a stroke|the accident|it)|survivor|recovering|recovery|nutritionist~
dietitian~|dietician~|podiatr~|physiatr~|radiolog~|cardiolog~|hematolog~|immunolog~|allergist~|endocrinolog~|gastroenterolog~|anesthesiolog~
pediatrician~|geriatric~|speech therap~|occupational therap~|health~|wellness check|well ?being (?:app|day)|sleep ?apnea|snoring|body ?fat
steps (?:for my|because of my) (?:heart|weight|blood)
(?:com(?:e|es|ing)|came|gone|went|go|going) down with\b(?! (?:him|her|me|us|them)\b)|shrinks?(?= |[.,!?]|$)(?! (?:in|when|the|my|wrap|ray|to))
see(?:ing|s|n)? (?:a|my) (?:shrink|specialist|counsel\w+|psych\w+)
(?:don't|do not|didn't|doesn't|no longer|never) (?:really |even )?(?:want|wanted|wants|wish) to (?:be alive|live|wake up|exist|go on|be here any ?more|be in this world)
better off without me|no (?:reason|point) (?:to|in) liv(?:e|ing)|wish i (?:was|were) (?:dead|never born)|tired of (?:living|life|being alive)|end it all
take my own life
(?:stomach|tummy|belly|gut|throat|nose|ears?|eyes?|head|back|neck|shoulders?|knees?|hips?|legs?|feet|foot|ankles?|wrists?|hands?|fingers?|arms?|elbows?|chest|skin|tooth|teeth|gums?|jaw|joints?|muscles?|lungs?|bowels?)(?:'s|'re| is| are| was| were| has| have| feels?| felt| got| went| keeps?)? (?:(?:been|all|so|really|a bit|very|still|always|completely|just|constantly|slightly|getting|gone|been) )*(?:upset|acting up|bothering|giving me|stiff|numb|tight|swollen|sore|aching|hurting|weak|blurry|blurred|twitch\w*|tingl\w*|clicking|throbb\w*|pounding|burning|itch\w*|inflamed|infected|blocked|stuffed|runny|puffy|bloodshot|cramp\w*|seiz\w*|locked up|gave out|giving out|out of joint|in (?:agony|knots|bits)|messed up|playing up|shot|dislocated|broken|fractured|bleeding|ringing)
(?:i|he|she|they|we|mum|mom|dad|\w+) (?:can|could)(?:'t|not) (?:hear|see|walk|smell|taste|feel|swallow|stand|bend|move|lift|keep) (?:\w+ ){0,3}(?:properly|well|out of|without|on (?:my|one|the) (?:left|right|one)|anything down|any ?more|(?:my|his|her) (?:arm|leg|legs|toes|fingers|foot|feet|head|neck))
(?:felt|feel|feels|feeling) (?:\w+ )?(?:light ?headed|drained|burn(?:ed|t) out|run down|under the weather|off|poorly|lifeless|shaky|clammy)(?= |[.,!?]|$)(?! (?:the|to|limits))
(?:wake|woke|waking|wakes) (?:up )?(?:at|every|several|five|four|three|in the middle|drenched|gasping|screaming|sweating|in a sweat)(?: (?:night|hour|times|of the night))
(?:toss|tossed|tossing) and turn\w*|lie awake|lay awake|lying awake
(?:went|go|going|rushed|taken|drove|drive|driven|brought|take|took|ended up|land\w* (?:me )?|spent \w+ \w+) (?:me |him |her |us |my \w+ )?(?:to|in|at) (?:the )?(?:er|a&e|emergency|casualty|hospital|clinic|doctor's|dentist's|ward)(?=[ .,!?]|$)
put on (?:a )?(?:drip|insulin|medication|antibiotics|steroids|oxygen)|under the knife
had (?:it|a \w+|my \w+|\w+ \w+) (?:removed|taken out|stitched|x ?rayed|operated)
(?:clothes|jeans|trousers|pants|dress|belt|skirt|shirts?|suit) (?:\w+ )?(?:doesn't|don't|won't|no longer|are too|is too|too) (?:fit|fits|tight|close|button)(?: me)?(?: any ?more)?
(?:put on|piled on|dropped|shed|lost|gained) (?:\d+|\w+|a few|some|ten|five|a couple of) (?:kilos?|kg|pounds|lbs|stone)
(?:my|his|her|our|the) (?:waters?|water) (?:have |has )?broke|(?:baby|twins) (?:is|are) due
(?:trying|tried|hoping) (?:for|to have) (?:a|another) (?:baby|child)|trying to (?:conceive|get pregnant)|(?:lost|losing) (?:the|our|a|my) (?:baby|pregnancy)
late period|(?:bun in the oven|knocked up)|(?:in a|such a|a very|a really) dark place|spiral(?:l)?ing|cry(?:ing)? myself to sleep
(?:broke|break|breaking) down (?:crying|in tears|at|again|last|today|completely)|(?:nothing|don't) (?:brings me|feel any|feel) joy|lost interest in everything
(?:having|had|have) (?:dark|intrusive) thoughts|nervous wreck
(?:\d+|one|two|three|several|many|few|\w+) (?:days?|weeks?|months?|years?) (?:sober|clean|smoke ?free)|off the (?:booze|wagon|bottle|drink|cigarettes)
on the wagon|fell off the wagon|hit the bottle|(?:smoke|smoked|smokes) (?:a|two|half a) packs?|nicotine (?:gum|patch\w*)
(?:can't|cannot|couldn't|can hardly|can barely) (?:taste|smell) (?:anything|a thing|my|the|food|much)|sense of (?:smell|taste) (?:is|has|was|came)
(?:wear|wears|wearing|wore|worn|got|need|needs) (?:a |an |my |his |her |this )?(?:\w+ )?(?:brace|splint|surgical boot|sling|eye ?patch|neck collar|back support|compression \w+|orthotics|insoles|stoma bag)
needs? (?:new |reading |stronger )?glasses|glasses prescription
(?:don't|doesn't|didn't|not) (?:feel|feeling|felt) (?:like |quite |at all )*(?:myself|himself|herself|right|well)|not (?:been )?(?:quite )?myself
everything (?:is|feels|seems|felt) (?:so )?(?:grey|gray|heavy|numb|hopeless|pointless|too much|dark)|no will to|going through the motions
(?:half|one|two|three|my|his|her|a few|an extra) (?:a |an )?(?:\w+ )?(?:tablets?|pills?|capsules?) (?:before|at|every|to|after|with|a day|for|per|each|in the)
(?:grandma|grandpa|granny|gran|nan|grandmother|grandfather|mum|mom|mother|dad|father|aunt|uncle|she|he) (?:\w+ )?(?:forgets?|forgot|doesn't (?:know|remember|recogni[sz]e)|can't remember|no longer (?:knows|remembers|recogni[sz]es)) (?:my name|who (?:i am|we are|she is|he is)|us|me|her own|his own|the way home|everything|her children)
(?:drenched|soaked|bathed) in sweat|(?:heart|birth|lung|valve|spinal) defect
born (?:with|without) (?:a|an|one) (?:\w+ )?(?:\w+ )?(?:defect|condition|disorder|problem|hole|disease|foot|hip|kidney|arm|ear|hand|leg)
pulled (?:something|a muscle)|(?:stay|keep|stayed) off (?:my|his|her|the) (?:feet|foot|leg|ankle|knee)
told (?:me |him |her )?to (?:rest|take it easy|lose weight|stop smoking|stay in bed|lie down)
(?:shadow|spot|mass|growth|nodule) (?:on|in) (?:my|his|her|the) (?:lungs?|breast|liver|brain|kidney|skin|thyroid|neck|scan)|finding a vein
(?:draw|drew|took|taking|take) (?:some )?(?:my )?blood|(?:stuffy|blocked|bunged) up
(?:caught|picked up|got) (?:a|some|the) (?:bug|infection|something|stomach \w+)
(?:feeling|feel|felt) (?:a bit |really |so |very )?(?:peaky|crook|iffy|ropey|grim|nauseated)
(?:legs?|arms?|head|body|limbs|eyes|brain) (?:feels?|felt|is|are) (?:like|made of) (?:lead|jelly|cotton\w*|concrete|stone|exploding|it's exploding|mush|fog)
(?:brain|mental) fog|(?:tired|weak|dizzy|sleepy|cold|thirsty|in bed) all the time
(?:always|constantly|permanently|chronically) (?:tired|exhausted|sleepy|thirsty|sick)
(?:keep|keeping|kept|stay|stayed|stays) (?:\w+ )?in (?:overnight|for (?:observation|tests|the night|monitoring))|for observation
(?:tests?|scans?|results?|biopsy|x ?rays?|bloods) (?:will|would|might|may|could|should) (?:show|say|find|come)
what the (?:tests?|doctors?|scan|biopsy) (?:will|say|said|found|find)
(?:haven't|hasn't|didn't|not|barely) (?:left|leave) (?:the house|my (?:bed|room|flat|apartment)|bed)
can(?:'t|not) face (?:people|anyone|the day|getting up|another day|the world|it any ?more)
(?:a|my|the|two|another|new) fillings?(?= (?:replaced|fell|came|done|today|in my|at|this)|[.,!?]|$)
br(?:oke|eak|oken|eaking) out in (?:spots|hives|a rash|pimples|sweat|a cold sweat)
(?:trouble|difficulty|problems?|hard time|struggle|struggling) (?:with )?(?:swallowing|breathing|walking|hearing|seeing|sleeping|peeing|remembering|concentrating|standing|speaking|chewing|focusing)
round the clock care
(?:needs?|needed) (?:constant |full ?time |a lot of |home |daily )*(?:care|a carer|looking after|help (?:washing|dressing|walking|eating))
(?:since|after) (?:his|her|my|the) (?:bad )?(?:fall|accident|stroke|operation|attack|crash|diagnosis|injury)(?=[.,!?]|$| (?:he|she|i|last|in|on))
had a (?:bad |nasty )?fall|(?:gone|going|losing|lost) (?:\w+ )?(?:blind|deaf|grey with pain|sight|hearing|feeling in)
"""

FIGURES: Final = r"""
sick (?:and tired )?of|(?:that's|that was|was|so) (?:so )?sick(?=[.,!?]|$)|sick (?:beats?|tricks?|burn|moves?|track|tune|riffs?|jumps?)
pain in the (?:neck|ass|butt|backside|arse)|(?:is|was|are|were|be|such|what|'s) a (?:real |huge |bit of a |total )?pain(?= to|[.,!?]|$)|no pain,? no gain
growing pains|painful(?:ly)? (?:slow|slowly|obvious|boring|long|accurate|shy|honest|awkward)|pain au chocolat
(?:is|are|was|were|be|such) (?:a |such a )?(?:real |huge |bit of a )?headache to|(?:gives?|gave|giving) \w+ (?:a |such a )?headache(?= to)
(?:went|go|goes|gone|going) (?:totally |completely )?viral|viral (?:video|videos|clip|post|trend|hit|song|dance|marketing)
(?:computer|laptop|phone|pc|machine|server|website|system|disk) (?:(?:has|had|got|caught|is|was|infected|with|by|a|another|some) )*virus(?:es)?
virus(?:es)? (?:on|in) (?:the|my|our) (?:computer|laptop|phone|pc)|virus scan\w*
(?:cabin|spring|gold|disco|festival|football|world cup|travel|match|election|dance|holiday) fever|fever pitch|fever dream
allergic to (?:mornings?|mondays?|early|work|working|nonsense|stupid\w*|drama|boredom|meetings?|alarm|homework|exercise|effort|sports?|cleaning|small talk)
addicted to (?:(?:the|this|that|those|these|my|a|new|his|her|their|its|watching|playing|reading|listening|to|old|little|mobile|board|card|word) )*(?:\w+ )?(?:games?|shows?|series|songs?|albums?|podcasts?|novels?|books?|puzzles?|crosswords?|sudokus?|music|band|anime|manga|dramas?|knitting|baking|crochet|chess|tea|noodles?|playlist|soundtrack|apps?|hiking|climbing)
weight off my (?:shoulders|mind|chest)|(?:dead|extra|full|its|their) weight|(?:lift|lifts|lifted|lifting) (?:some )?weights?|weight ?lifting
pull\w* (?:my|his|her|their) weight
healthy (?:sense|appetite|dose|amount|respect|distance|competition|mix|rivalry|debate|scepticism|skepticism|breakfasts?|snacks?|meals?|food|recipes?|lunch(?:es)?|dinners?)
(?:plants?|trees?|leaves|roses|roots|garden|basil|lawn|seedlings?|fern|cactus|orchid|tomatoes|economy) (?:is|are|look|looks|looked|seems?|was|were) (?:\w+ )?(?:healthy|sick|ill|unwell|diseased)(?: again)?
(?:engine|car|motor|machine|printer|computer|laptop|phone|bike|motorbike|boiler|heating|fan|fridge|tractor|lawnmower|van|truck) (?:\w+ )?(?:cough\w*|wheez\w*|sneez\w*|limp\w*)
(?:is|are|was|were|am|'m|'s|'re|be|being|become|becomes|became|becoming|as) (?:a|an) (?:[a-z]+ )?(?:nurse|doctor|paramedic|dentist|surgeon|pharmacist|midwife|physiotherapist|therapist|psychologist|psychiatrist|optician|chiropractor)(?=[.,!?;]|$| and| in| at| who| from| before| now| for| like)
head nurse|doctor who|(?:medical|nursing) (?:school|student|students|degree|textbooks?)|(?:hospital|medical) (?:drama|series|show)
(?:tree|phone|computer) surgery
(?:film|movie|book|song|weather|ending|novel|show|story|room|news|sky|place|view)(?: itself)? (?:is|was|were|looks|looked|sounds|gets) (?:so |really |pretty |quite |very |a bit |rather |too )?depressing
depressing (?:film|movie|book|song|weather|ending|news|novel|show|story|gray|grey)
(?:rows? of|knit|knits|knitted|knitting|sew|sewed|crochet|crocheted|cross|dropped|purl|chain) (?:\w+ ){0,3}stitch(?:es)?
scan(?:ned|ning|s)? (?:(?:the|my|a|some|in|all|his|her|our|these|those|old|every|through) )*(?:documents?|photos?|pictures?|negatives?|slides?|letters?|pages?|papers?|contracts?|receipts?|qr|codes?|passport|books?|barcodes?|tickets?|drawings?|notes?|files?|horizon|crowd)
(?:lab|laboratory) (?:partner|report|coat|rat|class|assistant|equipment|course|notes)s?|(?:chemistry|physics|computer|language|photo|school|robotics) labs?
(?:black|chocolate|yellow) labs?(?! (?:test|result))
recover(?:ed|y|ing)? (?:of )?(?:(?:the|my|all|some|lost|deleted) )*(?:files?|data|photos?|documents?|passwords?|account)|(?:data|password) recovery
recovery (?:email|code|key|password|disk|mode)|stroke of (?:luck|genius|midnight)|(?:brush|swim|breast|back|key) ?strokes?
itch(?:ing|es|ed)? to (?:go|see|try|start|get|play|travel|read|write|paint|leave|move|know|do)
exhausted (?:all|every|the|our) (?:options?|possibilit\w+|topics?|arguments?)|newborn (?:kittens?|pupp(?:y|ies)|lambs?|foal|calf|calves)
shiver(?:s|ed|ing)? (?:down my spine|with excitement)|birth ?(?:day|days|place|stone|year|date|month)|birth of (?:a|an|the) (?:idea|nation|star|movement)
turn\w* a (?:blind eye|deaf ear)|poison(?:ous)? (?:frog|mushroom|plant|ivy plant)s?
drink every (?:single )?(?:day|morning) a (?:cup|glass|mug) of (?:tea|coffee|water|juice|milk)|bruised (?:apples?|bananas?|peach\w*|ego|fruit|pears?)
bald (?:eagles?|tyres?|tires?)
addictive|binge ?(?:watch|read|listen)\w*|(?:wear|wears|wearing|wore) (?:my |a )?(?:eye ?patch) (?:as|for the) (?:pirate|costume|party)
pulled something (?:off|out|from)
head is (?:full of|buzzing with|in the clouds|elsewhere|empty|already (?:in|on)|still (?:in|on))
(?:tomato|pie|sandwich|dumpling|cake|cookie|pancake|ravioli|cream|chocolate|cheese|spinach) fillings?|the fillings? (?:is|was|of the)
"""
"""Expressions in which words of the topic mean something else: illness named for something else, jobs of others, machines and plants, places and documents."""
