// Anna's side of the conversation. It only answers to what happens, so every recording of it is alike.
const socket = new WebSocket(`ws://${location.host}/chat`, ["chat.v2", "chat.v1"]);
socket.binaryType = "arraybuffer";
const say = (message) => socket.send(JSON.stringify(message));

socket.onopen = () => say({ type: "join", name: "anna" });

socket.onmessage = (event) => {
  const message = JSON.parse(event.data);
  const line = document.createElement("li");
  line.textContent = `${message.name}: ${message.text ?? message.type}`;
  document.querySelector("#messages").append(line);

  if (message.type === "joined" && message.name !== "anna") {
    say({ type: "say", text: `hello ${message.name} 👋` });
  }
  if (message.type === "left" && message.name === "chloe") {
    socket.send(Uint8Array.from({ length: 1500 }, (_, index) => (index * 7) % 256)); // a picture
  }
  if (message.type === "left" && message.name === "ben") {
    location.href = "/bye"; // leaving the page closes the socket with 1001
  }
};
