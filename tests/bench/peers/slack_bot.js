// The peer for Slack: Slack's own @slack/socket-mode and @slack/web-api, with better-sqlite3. As with grammy_bot.js it
// does less than interviewd does: an answer is stored, not graded. It acknowledges after the answer is stored, as interviewd does, and sends one message an envelope.
// Arguments: the API's address, the database's path.
'use strict';
const { SocketModeClient, LogLevel } = require('@slack/socket-mode');
const { WebClient } = require('@slack/web-api');
const { openStore } = require('./store.js');

const [slackApiUrl, path] = process.argv.slice(2);
const store = openStore(path);
const client = new SocketModeClient({
  appToken: 'xapp-1-load', logLevel: LogLevel.ERROR, clientOptions: { slackApiUrl },
});
const web = new WebClient('xoxb-1-load', { slackApiUrl, logLevel: LogLevel.ERROR });

client.on('message', async ({ event, ack }) => {
  const practice = event.text === 'practice 1000';
  const n = practice ? 0 : store(event.user, event.user, event.text, event.ts);
  await ack();
  await web.chat.postMessage({ channel: event.channel, text: `${event.text.length % 101} points\n\nQuestion ${n + 1}` });
});
client.start();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));
