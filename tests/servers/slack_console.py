"""The command line of slack_server.py: a person types lines, the workspace acts."""


class Console:
    def __init__(self, slack):
        self.slack, self.people, self.rooms = slack, {}, {}

    def person(self, name):
        if name not in self.people:
            self.people[name] = self.slack.user(name, is_admin=not self.people)
        return self.people[name]

    def room(self, name, person):
        if name not in self.rooms:
            self.rooms[name] = self.slack.channel(name, members=[person])
        if person.id not in self.rooms[name].members:
            person.join(self.rooms[name])
        return self.rooms[name]

    def run(self, lines):
        for line in lines:
            words = line.split()
            if words and words[0] == 'quit':
                return
            try:
                self.act(words, line.rstrip('\n'))
            except Exception as problem:          # a slip at the keyboard must not end the server
                print(f'! {type(problem).__name__}: {problem}', flush=True)

    def act(self, words, line):
        verb = words[0] if words else ''
        if verb in ('say', 'mention'):
            person = self.person(words[2])
            person.say(self.room(words[1], person), line.split(None, 3)[3], mention=verb == 'mention')
        elif verb == 'dm':
            self.person(words[1]).dm(line.split(None, 2)[2])
        elif verb == 'slash':
            person = self.person(words[2])
            person.slash(self.room(words[1], person), '/interview', ' '.join(words[3:]))
        elif verb == 'press':
            self.press(words[1], self.person(words[2]))
        elif verb == 'submit':
            self.person(words[1]).submit(line.split(None, 2)[2])
        elif verb == 'home':
            self.person(words[1]).open_home()
        elif verb == 'show':
            self.show(words[1:])
        elif verb:
            print('say ROOM WHO TEXT · mention ROOM WHO TEXT · dm WHO TEXT · slash ROOM WHO TEXT · press LABEL WHO · '
                  'submit WHO TEXT · home WHO · show [ROOM|WHO] · quit', flush=True)

    def press(self, label, person):
        places = [m for room in list(self.rooms.values()) + [person.im] for m in room.messages]
        view = self.slack.view(person)
        for target in ([view] if view else []) + person.ephemerals[::-1] + places[::-1]:
            if label in target.buttons:
                return person.press(target, label)
        raise LookupError(f'no button {label}')

    def show(self, names):
        for name in names or list(self.rooms) + list(self.people):
            if name in self.rooms:
                found = self.rooms[name].messages
            else:
                person = self.person(name)
                found = person.im.messages + person.ephemerals
                for view in self.slack.views(person) + ([person.home] if person.home else []):
                    print(f'[{view.type} {view.title}]\n{view.plain}\n')
            who = self.slack.world.names()
            for message in found:
                print(f'{who.get(message.user, message.user)}: {message.plain}')
        for violation in self.slack.violations:
            print(f'VIOLATION {violation.rule}: {violation.text}')
        print(end='', flush=True)
