// Puts the page together.

import { startClock } from "./clock.js";
import { Slack } from "./slack.js";
import { startTimelines } from "./timelines.js";

const { timelinesUrl, commands } = document.body.dataset;
startClock();
startTimelines(timelinesUrl);
new Slack(commands.split(" ")).start();
