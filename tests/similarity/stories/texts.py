"""Texts that share a form and not what they say, and texts that are versions of one another."""

from __future__ import annotations

RECIPES = {
    "Apple tart with almonds": (
        "Serves six. Preparation 20 minutes, baking 40 minutes. Preheat the oven to 180 degrees "
        "and butter a baking tin. Peel the apples, core them and cut them into thin slices. Mix "
        "the flour, the sugar and the butter to a smooth dough and leave it in the fridge for "
        "half an hour. Roll out the dough, line the tin with it and prick the base with a fork. "
        "Spread the apples over the base and scatter the almonds on top. Bake in the middle of "
        "the oven for 40 minutes, until the tart is golden brown. Leave to cool on a rack and "
        "serve with cream."
    ),
    "Plum cake with cinnamon": (
        "Serves eight. Preparation 25 minutes, baking 50 minutes. Preheat the oven to 170 degrees "
        "and line a baking tin with paper. Wash the plums, stone them and cut them into quarters. "
        "Beat the eggs, the sugar and the butter until creamy, then fold in the flour and the "
        "baking powder. Pour the batter into the tin and press the plums into it, skin down. "
        "Sprinkle with sugar and cinnamon. Bake in the middle of the oven for 50 minutes, until a "
        "skewer comes out clean. Leave to cool in the tin and serve with whipped cream."
    ),
    "Pear crumble with hazelnuts": (
        "Serves six. Preparation 15 minutes, baking 35 minutes. Preheat the oven to 190 degrees "
        "and butter a baking dish. Peel the pears, core them and cut them into large pieces. Rub "
        "the flour, the sugar and the butter between your fingers to coarse crumbs and stir in "
        "the hazelnuts. Spread the pears over the dish and scatter the crumbs on top. Bake in the "
        "middle of the oven for 35 minutes, until the crumble is golden brown. Leave to stand for "
        "ten minutes and serve with vanilla ice cream."
    ),
}

HOROSCOPES = {
    "Your stars this week: 2 March": (
        "Aries: Money is on your mind this week, and a letter brings good news on Wednesday. Take "
        "your time in love. Taurus: Somebody at work tests your patience. Stay calm and speak "
        "your mind on Friday. Gemini: The moon favors new friends this week. An old quarrel ends, "
        "if you make the first move. Cancer: Your family needs you this weekend. Rest on Monday, "
        "for the days after are busy. Leo: All eyes are on you this week. Do not promise more "
        "than you can keep. Virgo: A plan that you had given up comes back to life on Thursday."
    ),
    "Your stars this week: 9 March": (
        "Aries: Love is on your mind this week, and a call brings a surprise on Tuesday. Take "
        "your time with money. Taurus: A friend asks for your advice. Listen first and speak your "
        "mind on Sunday. Gemini: The moon favors travel this week. A short trip clears your head, "
        "if you leave the phone at home. Cancer: Your health needs you this weekend. Sleep early "
        "on Friday, for the days after are long. Leo: Doubts are with you this week. Do not "
        "decide before you have asked somebody older. Virgo: A bill that you had forgotten turns "
        "up on Monday."
    ),
    "Your stars this week: 16 March": (
        "Aries: Work is on your mind this week, and a meeting brings a chance on Thursday. Take "
        "your time with friends. Taurus: A neighbor tries to win you over. Wait a little and make "
        "up your mind on Saturday. Gemini: The moon favors study this week. A hard task becomes "
        "easy, if you ask for help. Cancer: Your home needs you this weekend. Repair on Saturday "
        "what has been broken for months. Leo: Luck is with you this week. Do not give away what "
        "you have won. Virgo: A face that you had missed appears on Tuesday."
    ),
}

MATCHES = {
    "Rovers 2, Harbor Athletic 1": (
        "Rovers beat Harbor Athletic 2-1 at home on Saturday and climbed to third place in the "
        "table. Martin Voss put the home side ahead in the 12th minute with a header after a "
        "corner by Lund. The visitors equalized shortly before half-time through Okoro, who beat "
        "the goalkeeper from twenty meters. In the second half both sides had chances. Voss "
        "scored the winner in the 81st minute from the penalty spot after a foul on Brandt. The "
        "visitors ended the match with ten men, as Silva was sent off in stoppage time. Next "
        "Saturday Rovers travel to Millfield."
    ),
    "Rovers 0, Castle Town 3": (
        "Rovers lost 0-3 to Castle Town at home on Wednesday and dropped to sixth place in the "
        "table. Henrik Dahl put the visitors ahead in the 9th minute with a low shot after a free "
        "kick by Moreau. The home side nearly equalized shortly before half-time through Voss, "
        "who hit the post from ten meters. In the second half only the visitors had chances. Dahl "
        "scored his second in the 55th minute after a mistake by the goalkeeper, and Moreau the "
        "third in the 70th minute. Next Sunday Rovers travel to Riverside."
    ),
    "Millfield 1, Rovers 1": (
        "Rovers drew 1-1 at Millfield on Saturday and stay in third place in the table. Lena "
        "Ortiz put the home side ahead in the 33rd minute with a header after a corner by Hall. "
        "The visitors equalized shortly after half-time through Lund, who beat the goalkeeper "
        "from the penalty spot. In the second half both sides hit the bar. Brandt had the best "
        "chance in the 88th minute after a pass by Voss, but shot over. The home side ended the "
        "match with ten men, as Hall was sent off. Next Saturday Rovers host Castle Town."
    ),
}

FORMS = {"recipes": RECIPES, "horoscopes": HOROSCOPES, "match reports": MATCHES}

STORM = [
    "A storm closed the port of Aldmouth on Tuesday, the harbor master said.",
    "Two ferries with 340 passengers waited off the coast for the wind to drop.",
    "The wind reached 110 kilometers an hour in the afternoon and tore the roof off a warehouse.",
    "Nobody was hurt, according to the fire brigade, which counted 60 calls by the evening.",
    "Trains to the north stopped because trees lay across the line near Fernhill.",
    "Schools in four villages will stay closed on Wednesday, the county announced.",
    "Insurers expect claims of several million, mostly for cars and greenhouses.",
    "The weather office warned of a second front that would arrive before the weekend.",
    "Fishermen had moved their boats up the river in time, said the head of the cooperative.",
    "The ferries docked at midnight, and the passengers were put up in a sports hall.",
]


def versions() -> dict[str, str]:
    """What becomes of a report: appended to, corrected, retold in another order, cut short."""
    first = " ".join(STORM[:4])
    return {
        "first": first,
        "copy": first,
        "appended": " ".join(STORM[:8]),
        "corrected": first.replace("340", "360").replace("60 calls", "85 calls"),
        "another order": " ".join([*STORM[2:4], *STORM[:2]]),
        "new lead": f"Work to clear a port began on Wednesday after a night of wind. {first}",
        "cut short": " ".join(STORM[:3]),
    }
