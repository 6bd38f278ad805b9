import Verdicts

/// The configuration of the sample run: `/ws` is right, `/chat` forgets the upgrade, `/feed` waits for 60 s only.
enum SampleConfiguration {
    static let text = """
        # in front of the chat application
        upstream backend {
            server 127.0.0.1:3000;
        }

        map $http_upgrade $connection_upgrade {
            default upgrade;
            ''      close;
        }

        server {
            listen 80;
            server_name a.test;
            proxy_set_header Host $host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_http_version 1.1;

            location /ws {
                proxy_pass http://backend;
                proxy_read_timeout 1h;
            }

            location /chat {
                proxy_pass http://backend;
                proxy_set_header X-Real-IP $remote_addr;
                proxy_set_header X-Api-Key "s3cr3t-of-the-proxy-0001";
            }

            location /feed {
                proxy_pass http://backend;
            }
        }
        """

    static let file = ConfigurationFile(
        path: "nginx.conf", contents: Array(text.utf8),
        sha256: "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab")
}
