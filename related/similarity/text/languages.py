"""Which stemmer and which stop words a language has.

The lists of stop words are short on purpose: function words and, in English, light verbs. Long
ready-made lists drop words that matter in news ("state", "million"); document frequency takes care
of the rest.
"""

# ISO 639-1 code -> Snowball stemmer. The words of other languages stay as they are.
_STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}

_NORWEGIAN = """
    og at det den de en et ei er var som på til av for med han hun jeg du vi dere seg sin sitt sine
    ikke har hadde ha om men så fra ble blir bli vil skal kan kunne ville skulle må måtte etter over
    under ved mot når da der her hva hvem hvor hvordan eller enn også bare mer noe noen alle dette
    denne disse være vært vår vårt våre deres hans hennes dem meg deg oss før mellom gjennom ut opp
    inn nå både samt fordi hvis mens siden uten eg ikkje ho dei frå vart ein eit vere blei i å
"""

_STOP_WORDS = {
    "en": """
    the an and or but nor if of at by for with about against between into through during before
    after above below to from up down in out on off over under further then once here there when
    where why how all any both each few more most other some such no not only own same so than too
    very can will just should now is am are was were be been being have has had having do does did
    doing would could may might must shall it its itself he him his himself she her hers herself
    they them their theirs themselves we us our ours ourselves you your yours yourself me my mine
    myself this that these those who whom whose which what as because until while also don doesn
    didn isn aren wasn weren hasn haven hadn couldn wouldn shouldn ll ve re a i s t d m across again
    almost along already although always among another around became become becomes becoming behind
    beside besides beyond cannot either else elsewhere enough even ever every everyone everything
    everywhere except hence however indeed less many maybe meanwhile moreover much neither never
    nevertheless nobody none nothing nowhere often onto otherwise per perhaps quite rather really
    seem seemed seems several since somebody someone something sometimes somewhere still though
    throughout thus together toward towards unless upon via whatever whenever wherever whereas
    whether within without yet anyone anything anyway anywhere get gets got getting give gives gave
    given giving go goes going gone went keep kept let lets make makes made making put puts see sees
    saw seen take takes took taken taking come comes came coming find found show shows shown
    """,
    "fr": """
    le la les un une des du de au aux et ou mais donc or ni car que qui quoi dont où ce cet cette
    ces il elle ils elles on nous vous je tu me te se lui leur leurs son sa ses mon ma mes ton ta
    tes notre nos votre vos en dans par pour sur avec sans sous entre vers chez ne pas plus moins
    est sont était étaient être été sera seront serait fut ont avait avaient avoir eu aura aussi
    comme si très tout tous toute toutes même mêmes autre autres cela ça ceci celui celle ceux
    celles qu jusqu lorsqu puisqu à a c d j l m n s t y afin ainsi alors après avant depuis pendant
    quand lorsque puis
    """,
    "de": """
    der die das den dem des ein eine einer eines einem einen und oder aber denn sondern als wie wenn
    ob dass daß weil da damit so zu zum zur in im an am auf aus bei beim mit nach von vom vor für
    über unter um durch gegen ohne bis seit während zwischen ist sind war waren sein bin wird werden
    wurde wurden worden hat haben hatte hatten kann können konnte soll sollen sollte muss müssen
    will wollen darf dürfen nicht kein keine keinen keiner keinem nur auch noch schon sehr mehr man
    er sie es ich du wir ihr ihn ihm ihnen ihre ihrer ihren ihrem seine seiner seinen seinem mich
    dich sich uns euch mein dein unser dieser diese dieses diesen diesem jener jene welche welcher
    welches was wer wo hier dort dann doch alle alles aller allen jedoch sowie etwa s
    """,
    "es": """
    el la los las un una unos unas lo de del al en por para con sin sobre entre hacia hasta desde
    según tras ante bajo contra durante mediante que quien quienes cual cuales cuyo cuya donde
    cuando como porque pues si no ni sino pero aunque mientras también ya muy más menos tan tanto es
    son era eran fue fueron ser sido siendo está están estaba estaban estar ha han había habían
    haber hay se le les me te nos os su sus mi mis tu tus nuestro nuestra él ella ellos ellas usted
    ustedes yo nosotros este esta estos estas ese esa esos esas aquel aquella esto eso ello otro
    otra otros otras todo toda todos todas mismo misma a e o u y
    """,
    "it": """
    il lo la gli le un uno una dei degli delle del dello della dell di al allo alla ai agli alle all
    da dal dallo dalla dai dagli dalle dall in nel nello nella nei negli nelle nell su sul sullo
    sulla sui sugli sulle sull con per tra fra ed od ma però se che chi cui quale quali dove quando
    come perché anche ancora già più meno molto non né è sono era erano essere stato stata stati
    state fu furono sarà ha hanno aveva avevano avere ho si ci vi ne mi ti lui lei noi voi loro io
    tu suo sua suoi sue mio mia nostro nostra questo questa questi queste quello quella quelli
    quelle altro altra altri altre tutto tutta tutti tutte dopo prima durante contro verso senza a c
    d e i l m o s t v
    """,
    "nl": """
    de het een en of maar want dus als dan dat die dit deze dezelfde wie wat waar wanneer hoe waarom
    welke in op aan uit bij met naar van voor over onder door tegen zonder tot tussen om te ter ten
    na sinds tijdens is zijn was waren ben bent wordt worden werd werden geworden heeft hebben had
    hadden heb kan kunnen kon konden zal zullen zou zouden moet moeten moest mag mogen wil willen
    niet geen nog al ook alleen zeer meer er daar hier hij zij ze wij we jij je ik men hem haar hun
    hen ons onze mij me zich uw mijn jullie zo toch nu toen omdat doordat terwijl hoewel af alle
    alles ander andere n s t u
    """,
    "pt": """
    os as um uma uns umas de do da dos das em no na nos nas num numa ao aos à às por pelo pela pelos
    pelas para com sem sob sobre entre até desde após ante contra durante que quem qual quais cujo
    cuja onde quando como porque pois se não nem mas porém embora enquanto também já muito mais
    menos tão tanto é são era eram foi foram ser sido sendo está estão estava estavam estar tem têm
    tinha tinham ter há havia haver lhe lhes me te vos seu sua seus suas meu minha teu tua nosso
    nossa ele ela eles elas você vocês eu nós este esta estes estas esse essa esses essas aquele
    aquela isto isso aquilo outro outra outros outras todo toda todos todas mesmo mesma a e o
    """,
    "ru": """
    во на не но он она оно они мы вы ты что чтобы как так же то это этот эта эти этого этой этом
    этих этим тот та те того той том тех тем за из по от до для при без над под про об обо со ко ли
    бы был была было были быть будет будут есть или если когда где куда кто чем кого кому его её ее
    их им ей ему нам нас вам вас мне меня мой моя наш наша ваш ваша свой своя свои своей своего
    своих себя себе уже ещё еще только также тоже очень более менее даже лишь ведь вот там тут здесь
    да нет ни между через после перед который которая которое которые которого которой которых
    котором можно все всё всех всего весь вся а б в ж и к о с у я
    """,
    "sv": """
    och att det den de en ett är var som på till av för med han hon jag du vi ni man sig sin sitt
    sina inte har hade ha om men så från blev blir bli vill ska skall kan kunde ville skulle måste
    efter över under vid mot när då där här vad vem vilken vilket vilka hur eller än också bara mer
    något någon några alla allt detta denna dessa vara varit vår vårt våra deras hans hennes dem mig
    dig oss er före mellan genom ut upp in nu både samt eftersom medan sedan utan dess dock även i å
    """,
    "da": """
    og at det den de en et er var som på til af for med han hun jeg du vi man sig sin sit sine ikke
    har havde have om men så fra blev bliver blive vil skal kan kunne ville skulle må måtte efter
    over under ved mod når da der her hvad hvem hvor hvordan hvilken hvilket eller end også kun mere
    noget nogen nogle alle alt dette denne disse være været vor vores deres hans hendes dem mig dig
    os før mellem gennem ud op ind nu både samt fordi hvis mens siden uden dog jo i å
    """,
    "no": _NORWEGIAN,
    "nb": _NORWEGIAN,
    "nn": _NORWEGIAN,
    "fi": """
    ja tai mutta sekä eli että jotta koska kun jos vaikka kuin niin myös on ovat oli olivat olla
    ollut olleet olisi ole en et ei emme ette eivät hän he minä sinä me te se ne tämä tämän tätä
    tässä tästä tähän nämä näiden tuo nuo joka jonka jota jossa josta johon jotka joiden joita
    joissa mikä mitä mihin missä mistä kuka ketä kenen hänen hänet heidän minun sinun meidän teidän
    sen sitä siinä siitä siihen niiden niitä niissä itse jo vain vielä enää nyt sitten siis kanssa
    mukaan jälkeen ennen aikana ilman vastaan kautta sille sillä tänne siellä täällä hyvin
    """,
}

_STOP_SETS = {code: frozenset(words.split()) for code, words in _STOP_WORDS.items()}


def base_language(language: str) -> str:
    """The language of a code without its region: "en-GB" and "EN_us" are "en"."""
    return language.strip().replace("_", "-").split("-")[0].lower()


def stemmer_name(language: str) -> str | None:
    """The name of the Snowball stemmer for a language code; None if there is none."""
    return _STEMMERS.get(base_language(language))


def stop_words(language: str) -> frozenset[str]:
    """The stop words of a language code, lower-cased; empty if there is no list."""
    return _STOP_SETS.get(base_language(language), frozenset())
