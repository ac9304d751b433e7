# ruff: noqa: E501 - an alternative of a pattern is not broken
"""English words and phrases about money: income, expenses, debts, savings, prices; jobs/rules/topics/english.py reads them."""

from __future__ import annotations

from typing import Final

WORDS: Final = r"""
money|cash|cashless|wage~|salar(?:y|ies|ied)|payday~|paycheck~|paycheque~|payslip~|payroll|pay (?:rise|raise|cut|gap|day|slip|check)|my pay|on my pay
shifts'? pay|per hour|an hour for|hourly|income~
earn(?:s|ed|ing)?(?! (?:it|a (?:proper|good|long|place|seat)|your|his|her|its|the right|respect|points))|earnings|raise (?:of|at work|in)|got a raise
a raise|rais(?:e|ed|es) (?:my|our|the) (?:salary|pay|wage\w*|rent)|bonus|bonuses|overtime pay|underpaid|overpaid|well paid
paid (?:by|off|for|me|back|out|in|less|more|too)|unpaid|pay(?:s|ing)? (?:for|off|back|out|the|my|our|rent|\d|me|him|her|down)|repay~|prepay~|payment~
payout~|commission of|freelance rate|my rate|rates? (?:is|went|of) (?:now )?\d|\w*[$€£¥]\s?\d\S*|\d\S*\s?[$€£¥]\S*
\d[\d.,]*\s?(?:k\b|grand|bucks?|quid|dollars?|euros?|pounds?(?! (?:of|heavier|lighter|on))|cents?|pence|yen|yuan|rmb|rupees?|francs?|kroner?|kronor|zloty|pesos?|usd|eur|gbp|cny|jpy|chf|marks\b)
(?:a|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|some|few|more) (?:hundred |thousand |million )?(?:bucks?|quid|dollars?|euros?|cents?|pence|yen|yuan|rupees?|francs?|marks|grand)
(?:cost|costs|costing|charge|charges|charged|charging|owe|owes|owed|owing|spent|spend|spends|spending|lent|lend|lends|earn|earned|make|makes|made|pay|paid|pays|invest|invested|save|saved|saving|inherit\w*|borrow\w*|worth|price\w*|bid|bids|fine of|bill (?:was|of|is)|won|lost|donated|tipped|wired|offered|gave|sold \w+ \w+ (?:\w+ )?for|priced \w+ \w+ \w+ at|of about|about|around) (?:me |us |him |her |about |around |over |nearly |almost |out |only |the \w+ |my \w+ )?(?:\d[\d.,]*(?! ?(?:km|kilomet|miles?|hours?|minutes?|days?|weeks?|years?|months?|times|people|pages|cups|words|am|pm|o'clock|percent|%|kg|kilos?|steps|laps|degrees|:|th\b|st\b|nd\b|rd\b))|(?:\w+ )?(?:hundred|thousand|million|grand)\b)
cost(?:s|ly)? (?:me |us |him )?(?:a fortune|too much|so much|an arm|more than|nothing|a lot)|the costs?|cost of living|(?:in)?expensive|overpriced
pricey|outrageous(?:ly)? price|price(?:s|d)? (?:went|of|for|is|are|at|has|have|my|rise|tag)|prices|the price|cheap|cheaper|afford~|unafford~|can't pay
bargain~|discount~|on sale for|coupon~|voucher~|refund~|reimburs~|cashback|rebate~|half price|debt|debts|indebted|debtor~|in the red|overdraft~
overdrawn|bankrupt~|insolven~|loan|loans|lend|lends|lent|lending|borrow~|mortgage~|remortgag~|refinanc~|interest rate~
rate on (?:our|my|the) (?:loan|mortgage)|credit (?:card|cards|score|line|rating|limit|report|check|union)|creditor~|maxed|installment~|instalment~
collateral|pawn~|foreclos~|repossess~|debt collector~|iou|owe (?:him|her|them|my|the (?:bank|tax|state|landlord)|\w+ (?:money|rent)|\d)|still owe
bank (?!of the (?:river|lake|canal)|holiday)(?:account~|loan|card|transfer\w*|statement\w*|balance|manager|refused|for|said|charges?|fees?|wants|approved|declined)
the banks?(?! (?:of|holiday|where|side))(?=[ .,;!?]|$)|(?:my|our) banks?|banking|trusted banks|atm|checking account
savings?(?! the| a | my (?:file|draft|work|seat))|saving(?:s)? (?:up|for|account\w*)|sav(?:e|ed) (?:up|money|for a|six)|nest egg|piggy bank
emergency (?:fund|cash)|my account balance|iban|direct debit|standing order|wire(?:d)? (?:the )?money|wire transfer~|venmo|paypal|revolut
western union|transferred (?:the|\d|money|him|her)|deposit~|withdrew|withdraw(?:al)? (?:\d|money|from my)|cheque~|bounced check|check bounced|invest
invests|invested|investing|investment~|investor~|stock (?:market|options?|portfolio|price\w*)|stocks|shares (?:dropped|rose|fell|in|are|of|went|worth)
my shares|sharehold~|portfolio value|dividend~|bonds?\b(?= (?:fund|market|yield|matur))|etf|etfs|index fund~|mutual fund~|hedge fund~|crypto~|bitcoin~
ethereum|dogecoin|nft|nfts|forex|day ?trading|trading account|brokerage|broker fee\w*|capital gains|401k|ira\b|roth|pension~
retirement (?:fund\w*|savings|account|money)|annuity|vest(?:s|ed|ing)? in|equity stake|net worth|assets|wealth~
rich(?:er|est)? (?:compared|than|now|enough|man|woman|people|family|person)
(?:i'm|i am|am|we're|are|get|got|getting|became|become|was|were) (?:\w+ )?rich\b(?! in)|millionaire~|billionaire~
poor(?:er|est)?(?=[ ,.;!?]|$)(?! (?:thing|dog|cat|guy|girl|boy|man|baby|weather|visibility|quality|sleep|night|taste|choice|performance|connection|soul|bird|fellow|little))
poverty|broke (?:until|till|again|this|and|after|by)|(?:i'm|i am|am|we're|are|be|was|were|being|totally|completely|dead|flat) broke|penniless
struggling to make ends|make ends meet|ends meet|get by on|on welfare|welfare|benefits? (?:end|office|stop|payment|claim|cut)
unemployment (?:benefit\w*|money|pay)|food stamps|universal credit|social security|child support|maintenance payment~|allowance|pocket money|stipend~
scholarship money|grant money|tuition|school fees|student loan~|inherit~|inheritance|trust fund|lottery|jackpot|scratch ?card~|gambl~|casino~
bet (?:\d|money|on)|betting|sports bets?|poker winnings|won (?:the lottery|money)|sponsor~|tax|taxes|taxed|taxable
tax (?:return|refund|office|bill|bracket\w*|advisor)|irs|hmrc|finanzamt|vat|audit(?:ed)? by the tax|write ?off|deductible~|budget~|expense~
expenditure~|spending|spend(?:s)? (?:too|so|less|more|over|money|\d)|spent (?:too|so|far|way|all my|a fortune|money|\d|over)
financ(?:e|es|ial|ially|ing)|fiscal|economi(?:se|ze)|frugal~|thrift~|cut(?:ting)? (?:costs|expenses|back on)
subscriptions? (?:worth|cost|for \d|i pay)|invoice~|billing|bills|electricity bill|phone bill|dentist bill|vet bill|hospital bill|gas bill
bill (?:was|doubled|came|is|for|of)|split the (?:bill|rent|cost\w*)|pay the bill|rent (?:is|was|went|of|for the|goes|increase|due|rise|money)
(?:my|our|the|pay|pays|paying|paid|month's|behind on|raise the|late) rent\b(?! a (?:car|bike|boat))|landlord wants|months' deposit|house price~
down ?payment|closing costs|property tax|insurance (?:paid|pays?|wants?|charges|charged|money|premium\w*|claim|payout|cost\w*|went)|premium(?:s)? went|deductible|wallet
purse (?:was|is|stolen)|scammed|conned out|fraudster|ripped off|rip ?off|fined|fine (?:for|of|was)|ticket cost|tip(?:ped)? (?:the|him|her|\d)|tipped
donat(?:e|ed|ion|ions|ing) (?!blood|plasma)|charity (?:donation|money)|crowdfund~|fundrais~|kickstarter money|sold (?:my|our|the) \w+(?: \w+)? for
asking price|bid (?:on the|anyway|for the)|auction~|profit~|revenue~|turnover of|made a loss|loss of \d|dividends|funds|funding for my|financially
paid job|paying job|advance on|wages|groceries are so|dollar~|euros?|pounds sterling|paid time off cash|currency|exchange rate|inflation
came to (?:about |around |almost |nearly )?(?:\w+ )?(?:\d+|hundred|thousand|grand|ten thousand)
(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|a|several|few|many|couple) (?:hundred |thousand )?(?:hundred|thousand|million|grand|k)(?! (?:people|times|steps|words|years|miles|kilomet\w*|metres|meters|pages|birds|stars|visitors|users|lines|photos|pieces|books|games|hours|feet|trees|things|reasons))
fiver~|tenner|twenty quid|pennies|penny|dime~|nickels?|coins?|coppers|banknote~|dough (?:for rent)|moolah|dosh|loot
put (?:\d[\d.,]*|\w+ hundred|everything|it all) on (?:red|black|a horse|the)|roulette|blackjack|slot machine~|bookie|horse race\w*|wager~
stake~ (?:of|on)|raffle|prize money|won \d[\d.,]*
owe(?:s|d)? (?:me|us|him|her|them|you)?(?: for| money| \d| about| around| my| the| a lot| nothing| \$)|still owe(?:s|d)?|owes me|owed me
i owe (?!you a reply|an apology|him an apology|her an apology)|owing|scholarship~|bursary|fellowship pays
benefits?(?= (?:were|are|got|cheque|check|cut|run out|claim|office|payment|ended|stopped)|$|[.,!])
disability (?:benefit\w*|payment|pension|allowance|check)|housing benefit|jobseeker~|dole|on the dole|furlough~|severance~
redundancy (?:pay|money|package)|laid off|golden handshake|minimum wage|living wage
pay(?:s|ing)? (?:well|badly|peanuts|poorly|nothing|little|more|less|extra|half|double|in cash|taxes|tuition|fees|bills|cash|monthly)
paid (?:well|badly|peanuts|poorly|nothing|little|more|less|extra|half|double|in cash|taxes|tuition|fees|bills|cash|monthly|\d|my|our|the|his|her|a |twice|overtime)
(?:don't|didn't|won't|not|never|get|got|gets|getting|be|being|been|was|were|is|are|am) paid|payer|self ?employed income|side (?:hustle|gig|income)
freelance (?:income|fee|money)|commission~|royalt(?:y|ies)|tips (?:were|tonight|today|of)|gig pays|day rate|quote for \d|fee|fees|fee of|charged
surcharge|toll\b(?= of|,)|fare~ (?:went|is|was|cost)|ticket(?:s)? (?:cost|were|for) \$?\d|subscription~|membership (?:fee|cost\w*)|two jobs|second job
three jobs|cover (?:the|my|our|all) (?:bills|rent|costs|expenses)|make rent|behind on (?:the )?(?:rent|bills|payments|mortgage)|months? behind|arrears
evict~|final notice|reminder (?:letter|fee)|bailiff~|dunning|collection agency|wage garnish~|default(?:ed)? on|late fee~
penalt(?:y|ies) (?:of|for late)|bounced|declined card|card (?:was )?declined|pin code|contactless pay|apple pay|alipay|wechat pay|zelle
bank~ (?:statement|app|manager|clerk|loan|card|fees?)|my (?:bank|account|balance|card)|(?:current|joint|savings|checking|bank) account
account (?:is|was) (?:empty|overdrawn|at zero|frozen)|balance (?:is|was|of) |(?:a|the|my|our) bank(?! (?:of the (?:river|canal|lake)|holiday))
bankers?|cash(?:ed|ing)? (?:in|out)|piggybank|safe deposit|gold (?:bar\w*|coin\w*|with my)|bought gold|silver bars
property (?:value|ladder|investment)|rental income|landlord (?:is|wants|raised|raises|raising)|tenant pays
buy(?:ing)? (?:a|our|my|the) (?:house|flat|apartment|condo|home)|bought (?:a|our|my|the) (?:house|flat|apartment|condo|home)
house (?:cost|is worth|for sale)|sell(?:ing)? (?:the|my|our) (?:house|flat|car|shares)|valuation~|estate agent fee|offer of \d|stamp duty|notary fee
inheritance~|heir|heirloom|estate (?:is|was) worth|will left me|left me (?:\d|money|the house|her savings)|dad paid|mum paid|mom paid
parents (?:pay|paid|support me|cover)|support(?:s)? me financially|financial~|financ~|bankroll|subsid(?:y|ies|ised|ized)|handout|charit(?:y|ies)|donor
gofundme|patreon (?:income|money)|(?:hot|cold) wallet|coinbase|binance|robinhood|nasdaq|s&p|dow jones|bull market|bear market|market crash
portfolio (?:is|lost|gained|down|up)|worthless (?:shares|stock\w*|now)|shares|startup's shares|equity|options vest\w*|seed round|venture capital|roi
yield~ (?:of|on)|compound interest|interest (?:payment\w*|on (?:my|the|our))|apr|fixed rate|variable rate|amorti[sz]~|down payment|lump sum
monthly (?:payment\w*|cost\w*|rent|budget|income|expenses)|per month|a month(?= (?:for|on|in|after|to))
\d+ a (?:month|year|week|day|night|semester|term|hour|class|lesson|session|kilo|piece|person)
per (?:semester|month|week|year|night|person) (?:in|for) |cost of |price~ (?:of|for|is|went|on)|heating (?:bill|cost\w*)|(?:can't|couldn't|cannot) pay
pay the (?:heating|rent|bill\w*|electricity|gas|phone|mortgage|fine|tax\w*)|in installments|layaway|klarna|buy now pay later|black friday deal
shopping spree|splurg~|impulse buy~|spendthrift|stingy|cheapskate|tight ?fisted|miser~|generous with money|wallet~|purse|piggy|receipts?|cashier
checkout total|accountant~|bookkeep~|payable|receivable|liquidat~|insolv~|chapter 11|bailout|capital (?:gain\w*|of \d)|cash flow|cashflow|runway is
revenue|sales (?:are|were) down|turnover|profit|losses|in the black|break even|broke even|net pay|gross pay|after taxes|before taxes|withholding|w2
1099|pension|nhs contribution|social insurance|five risks|dividend|poor family|we were poor|grew up poor|rich kid\w*|privileged (?:family|upbringing)
luxur(?:y|ies|ious)|affluent|well off|well to do|wealthy|prosper~|fortune|a fortune|costs? a fortune|penny pinch\w*|make money|made money|lose money
lost money|lost it all|ponzi|pyramid scheme|scam~|phish~|fraud~|extort~|blackmail~ for|brib~|ransom|money ?launder\w*|embezzl~
stole(?:n)? (?:my|\d|money|the cash)|robbed of|pickpocket~|tighten~ (?:our|my|their) belts?|belt tightening|real estate|(?:cost|costs) me|will cost
costing me
(?:lost|lose|losing|make|makes|made|making|save|saves|saved|saving|spend|spends|spent|spending|earn|win|won|need|needs|want|ask\w*|borrow\w*|lend|lent|owe\w*|give|gave|sent|send|enough|no|any|little|much|more|less|extra|some) (?:a lot of |a bit of |so much |too much |lots of |my |his |her |our |the )?money
enough to live on|live on \d+|savings|no savings|loan~|price~|salar~|side job|paid|bill is|bills are
(?:spend|spends|spending|spent) (?:(?:way|far|so|a bit|a lot|really|much|too|even|less|more|almost|half|most|all|my|of) )*(?:much|more|less|most|half|all|salary|pay|lot|savings|bonus|it all) (?:\w+ )?(?:on|for)\b(?! (?:my (?:phone|own)|the (?:phone|sofa|couch|internet)|instagram|social))
(?:live|lives|living|lived|get by|getting by|survive|surviving) (?:on|off) (?:my |his |her |their |our |the |a )?(?:\w+ )?(?:benefits?|welfare|pension|savings|dole|allowance|credit|parents|wife's|husband's|salary|income|wage|inheritance|handouts|loan|loans|tips|scraps|noodles until payday)
(?:four|five|six|seven|eight|low|high) ?figures?|figure (?:salary|sum|income)
(?:buy|buys|bought|buying|sell|sold|selling|hold|holding|own|owns|owned|dumped|put \w+ (?:\w+ )?(?:into|in)) (?:(?:some|my|a few|all|more|the|his|her|our|too much|\d+) )*(?:\w+ )?(?:stocks?|shares|bonds|etfs?|crypto|bitcoin|options|gold)(?= |[.,!?]|$)(?! (?:cubes?|photos?|pot|footage|medal|fish|rings?|earrings?))
(?:out of|short on|short of|low on|tight on|strapped for|need|needs|needed|raise|raising|counting|pool|pooled) (?:the |some |our |more )?(?:cash|money|funds|pennies)
(?:tight|rough|lean|tough) (?:month|months|times?|year) financially|money(?:'s| is| was| got| has been| gets) (?:\w+ )?tight
(?:can|could)(?:'t|not) (?:even )?(?:pay|cover|manage) (?:for |the |my |our )*(?:rent|bills?|mortgage|fees?|tuition|it|heating|groceries|repairs?)
(?:on|earn\w*|make|makes|made|take home|bring home|get|gets) (?:a )?(?:good|bad|low|high|decent|lousy|better|minimum|starting|net|gross|monthly|annual|yearly|huge|tiny|pathetic|modest) (?:salary|wage|wages|pay|income|money)
(?:on|for) peanuts
(?:paid|charged|cost|asked|wanted|offered|quoted) (?:\w+ )?(?:way |far )?(?:too much|double|twice|extra|triple|a ridiculous|next to nothing)(?= (?:for|amount|sum|price)|[.,!?]|$)
(?:the|my|our|his|her|a|this|huge|big|unpaid|next|overdue|electric|heating|water|hospital|repair|restaurant|medical|tax) bills?(?=(?: (?:is|was|are|were|came|arrived|comes|has|have|from|for|shocked|keeps?|went|doubled|on time))|[.,!?]|$)
(?:pay|paid|settle|settled|cover|covered|foot|footed|split) (?:the|my|our|his|her|all) (?:\w+ )?(?:bills?|tab|fare|fees?|fine|rent|deposit|difference|debts?|taxes|tuition|premium)
(?:treat|treated) myself to
(?:got|get|give|gave|asked for|got me) (?:a |me a |my )?(?:raise|advance|pay ?rise|bonus|loan|mortgage|overdraft|discount|refund|grant)(?=[ .,!?]|$)
(?:no|any|enough|much|little) (?:money|cash|income|savings)(?= |[.,!?]|$)|(?:hard|flat|stone) up for cash|down to my last
(?:saving|save|saved|put(?:ting)? (?:something |a bit |money )?(?:aside|away)|set(?:ting)? (?:money )?aside) (?:up )?(?:for|towards?) (?:a|the|my|our|retirement|uni\w*|college|rainy)
(?:\d+|\w+) ?(?:percent|per cent|%) (?:more|less|raise|rise|off|pay|higher|interest|return|returns|cut|deposit|discount)
(?:percent|per cent|%) (?:on|of) (?:my|our|the) (?:\w+ )?(?:savings|salary|income|loan|investment|rent|pay|mortgage|money)
(?:put|sank|sunk|poured|plough\w*|stuck) (?:everything|all|most|half) (?:of )?(?:\w+ )?(?:\w+ )?(?:into|in)\b(?= (?:that|the|a|my|our|it|this|crypto|stocks))
(?:cleaned|wiped) (?:me|us|him|her|them) out|(?:set|sets|setting) (?:me|us|him|her|them) back|bled (?:me|us) dry
(?:eats?|eating|ate) (?:up|into) (?:my|our|most|half|all|the) (?:\w+ )?(?:pay|wages?|salary|savings|income|budget|money|pension)
(?:hole|dent) in (?:my|our|the|his|her) (?:pocket|wallet|budget|savings|finances)|out of pocket
burn\w* (?:a hole|through (?:my|our|the) (?:savings|money|cash))
(?:slip|slips|slipped|hand|hands|handed|give|gave|gives|lend|lends|lent|sent|sends|send|wired|tipped|owe|owes) (?:me|us|him|her|them|my \w+) (?:a |another |about |like )?(?:ten|twenty|thirty|forty|fifty|sixty|eighty|hundred|thousand|\d+)(?=[.,!?]|$| (?:for|back|so|to|and|until|a month|a week|last|every|each|from))
(?:my|our|his|her|the) (?:hours|shifts|wages|pay|salary|funding|benefits|grant) (?:got|get|were|was|are|is|being|have been|has been) (?:\w+ )?(?:cut|reduced|slashed|stopped|docked|frozen|late)
(?:come|came|coming|fall|fell|i'm|we're|always|run|running|be|am|are) (?:up )?short (?:every|each|this|by|on|at the end)|end of the month (?:is|was|gets|i)
month left at the end
(?:make|makes|made|earn|earns|earned|get|gets|paid|cost|costs|charge|charges) (?:(?:about|almost|nearly|over|way|much|far|so|a lot|even|only) )*(?:twice|double|half|triple|three times|more|less|as much|next to nothing|peanuts|a third|barely anything)(?: (?:what|than|as|of|the)|[.,!?]|$)(?! (?:sense|mistakes|noise|fun|friends|usual|time|an hour|i expected|one))
(?:claim|claimed|claiming|on|get|gets|getting|applied for|apply for|applying for|file|filed|filing for|collect\w*) (?:for )?(?:unemployment|disability|benefits|welfare|jobseekers?|child benefit|food aid)
funds? (?:that|is|my|was|lost|dropped|are|down|recommended)
(?:it's|it is|is|are|i'm|we're|down|lost|gained|fell|dropped|crashed) (?:down |up |by )*(?:a third|a quarter|by half|\d+ ?(?:percent|%))(?=[.,!?]|$| (?:since|this|on|of (?:its|my)))
(?:dirt|dead|ridiculously|too) (?:cheap|expensive|pricey)|(?:pay|paying|paid|pays) (?:it|them|that|everything|this|half) (?:off|back|in|for|myself|ourselves)
(?:food|soup) (?:bank|kitchen)s?|on credit|(?:mum|mom|dad|parents|father|mother|grandma) (?:pays?|paid|covers?|covered|sends?|helped (?:me )?out with)
(?:owe|owes|owed) (?:\w+ ){0,3}(?:rent|tax|taxes|back ?pay|wages|alimony|fees|dues|deposit)
bl(?:ew|ow|own|owing) (?:about |almost |over |another )?(?:\d+|\w+ (?:hundred|thousand|grand)|(?:a|my|the) (?:whole |entire )?(?:hundred|thousand|fortune|bonus|paycheck|pay|savings|budget|salary|inheritance))
(?:rais|hik|increas|doubl|put|upp|jack)(?:e|ed|es|ing)?(?: up)? (?:the|our|my|their) (?:\w+ )?(?:insurance|premiums?|rent|prices?|fees?|rates?|fares?|tuition|subscription|contribution)(?: up)?
split (?:the )?(?:electricity|rent|gas|utilities|internet|cost|costs|bill|deposit|petrol)
(?:the|this|good|bad|poor|better|low|lousy|decent|equal|fair|sick|holiday) pay(?= (?:is|was|isn't|wasn't|wouldn't|sucks|here|there|slip)|[.,!?]|$)
(?:too|so|much|more|really|very) (?:expensive|costly|dear)(?= (?:for|now|here|to|these)|[.,!?]|$)
(?:dropped|forked out|shelled out|coughed up|splashed out|parted with|cost me|set aside) (?:\d+|a |over |about |almost |on |for |\w+ hundred)
"""

FIGURES: Final = r"""
cost(?:s|ing)? (?:(?:me|us|him|her|them|you|too much|so much|quite|a lot of|lots of|some|much|a bit of|no|little|way|more|enough) )*(?:effort|time|energy|nerves?|patience|sleep|sweat|tears|courage|willpower|work|hours|concentration|the (?:game|match|win|title|lead|race)|a goal)
(?:pay|pays|paying|paid) (?:(?:me|him|her|us|more|less|close|enough|much|any|no|better|little|full|a lot of|special|extra|so much|too much|the|a|short|last|my|our|quick|surprise|long|nice) )*(?:attention|heed|visits?|compliments?|respects?|homage|tribute)
(?:it|that|this|work|practice|practi[sc]ing|patience|training|effort|studying|waiting|which) (?:really |finally |totally )?(?:paid|pays) off
(?:invest|invests|invested|investing|spend|spends|spent|spending|save|saves|saved|saving|lose|lost) (?:(?:so|too|a|quite|really|very|some|much|more|lot|bit|of|lots|my|all|our|the|his|her|extra|way|enough|me|us|you|him|every|whole|free|a few|most|last) )*(?:time|effort|energy|love|hours?|thought|work|care|evenings?|weekends?|afternoons?|mornings?|minutes|patience|attention|nights?|days?|weeks?|holidays?|christmas|easter|summers?|winter|childhood|seats?|space|files?|drafts?|screenshots?|photos?|progress|place|trouble|trip)
(?:spend|spends|spent|spending) (?:(?:over|about|around|almost|nearly|far|way|too|the last|the past) )*(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|a hundred|half an|an|a|a few|several) (?:\w+ )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|nights?|evenings?|weekends?|mornings?|afternoons?|times)
(?:make|makes|made|making|won|win|lost|lose|saved) (?:me |us |him |her |about |over |nearly |almost |another )?(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|fifty|a hundred) (?:\w+ )?(?:mistakes?|cups?|games?|matches|sandwich\w*|pancakes?|cookies|cakes?|pizzas?|dumplings|friends|points?|goals?|attempts|rounds?|times|sets?|jars|loaves|copies|photos?|drawings?|levels?|bracelets|candles)
bonus (?:points?|levels?|tracks?|rounds?|episodes?|content|chapter|questions?|stage|scene|material|features)
(?:re)?charg(?:e|ed|es|ing) (?:my|the|his|her|your|our|its|up) (?:\w+ )?(?:phone|battery|batteries|laptop|tablet|headphones|watch|earbuds|scooter|bike|camera|toothbrush|speaker|controller|car)
in charge|(?:take|took) charge|(?:phone|laptop|battery|usb|tablet) charg(?:e|er|ers|ing)|free of charge
wealth of (?:information|ideas|experience|knowledge|details?|colou?rs?|material|stories|species|choices|options)|fortune cookies?|priceless|dime a dozen
penny dropped|bargained for|(?:lost|lose|losing|keep|keeping|kept|find|finding|found|work life) (?:my |the |his |her |your |a )?balance(?= |[.,!?]|$)(?! of)
balance (?:beam|bike|board)|my balance (?:on|is (?:bad|good|terrible))(?! (?:the|my) (?:card|account))
(?:old|foreign|rare|roman|ancient|chocolate|lucky) coins?|(?:collect|collects|collected|collecting|toss\w*|flip\w*) (?:a |the |old |foreign )?coins?
coin (?:collection|collector|toss|trick|flip)s?|cheap (?:shot|jokes?|tricks?|thrills?|excuses?|plastic)|price to pay for|at any price
rich,? (?:\w+ )?(?:soup|stew|cake|pudding|gravy|curry|broth)|rich (?:flavou?rs?|chocolate|soil|history|vocabulary|colou?rs?|culture|taste|aroma|sauce|imagination)
(?:owe|owes|owed) (?:me |you |him |her |them |us |everyone |my \w+ )?(?:an?|one|some|big) ?(?:big )?(?:explanation|apolog(?:y|ies)|reply|answer|favou?r|call|letter|visit|coffee|thanks|hug|postcard|story)?(?=[.,!?]|$| for (?:helping|the help|last))
(?:is|are|was|were|am|'m|'s|be|being|become|becomes|became|as) (?:a|an) (?:[a-z]+ )?(?:accountant|bookkeeper|banker|cashier|auditor)(?=[.,!?;]|$| and| in| at| who| from| before| now| for)
tips? (?:for|on|about) (?:the|my|a|growing|baking|cooking|learning|travel\w*|gardening)
(?:good|useful|great|handy|gardening|cooking|helpful) tips?(?= (?:for|on|about))|tipped over|(?:soup|chicken|vegetable|fish) stock
stock (?:cubes?|photos?|footage|images?|pot)|stocked|(?:in|out of) stock|(?:bottle|sand|mud|mineral) deposits?|(?:extra|course|university|end) credits?
credit for (?:the|my|his|her) (?:idea|work|photo)
(?:instagram|twitter|github|netflix|e ?mail|google|spotify|steam|tiktok|facebook|youtube|gaming|user) account(?: (?:is|was) \w+)?|(?:play|toy|monopoly) money
money plants?|loot (?:box|boxes)|(?:game|quest|boss|dungeon) loot
donat(?:e|ed|ing) (?:(?:my|some|the|a few|our|all|his|her|old|used|unused) )*(?:books?|clothes|coats?|toys?|hair|shoes|furniture|sweaters?|jackets?|blankets?|bike|things|stuff|food|cans)
(?:economics|finance|accounting|tax|business) (?:class|exam|lecture|textbook|homework|degree|course|seminar)
(?:stud(?:y|ies|ied|ying)|major in|majored in) (?:economics|finance|accounting)
twice what i (?:expected|thought)|half (?:an hour|the (?:class|team|time|book|day|cake))|(?:charge|charges|charged) (?:twice|more) (?:a day|often)
"""
"""Expressions in which words of the topic mean something else: time, effort, attention and favours that are spent, paid or owed, and words of games, jobs and devices."""
