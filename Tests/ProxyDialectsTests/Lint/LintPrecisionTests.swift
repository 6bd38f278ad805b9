import Testing
import WireBasics

@testable import ProxyDialects

/// Configurations as projects publish them, cut to what matters: what a linter says of them is what its users will see.
@Suite("Configurations of well-known applications")
struct LintPrecisionTests {
    struct Application: CustomTestStringConvertible {
        var testDescription: String
        var configuration: String
        /// The warnings and errors that are right.
        var expected: [String]

        init(_ name: String, expected: [String] = [], _ configuration: String) {
            (testDescription, self.expected, self.configuration) = (name, expected, configuration)
        }
    }

    static let applications = [
        Application(
            "Mastodon: streaming beside the pages, try_files into a named location",
            """
            map $http_upgrade $connection_upgrade { default upgrade; '' close; }
            upstream backend { server 127.0.0.1:3000 fail_timeout=0; }
            upstream streaming { least_conn; server 127.0.0.1:4000 fail_timeout=0; }
            server { listen 80; server_name example.com; location / { return 301 https://$host$request_uri; } }
            server {
                listen 443 ssl;
                server_name example.com;
                ssl_certificate c.pem;
                ssl_certificate_key k.pem;
                location / { try_files $uri @proxy; }
                location ^~ /api/v1/streaming {
                    proxy_set_header Host $host;
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    proxy_pass http://streaming;
                    proxy_buffering off;
                    proxy_http_version 1.1;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection $connection_upgrade;
                }
                location @proxy {
                    proxy_set_header Host $host;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    proxy_pass http://backend;
                    proxy_http_version 1.1;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection $connection_upgrade;
                }
            }
            """),
        Application(
            "GitLab: a Unix socket, everything through one location",
            """
            upstream gitlab { server unix:/var/opt/gitlab/sockets/socket fail_timeout=0; }
            map $http_upgrade $connection_upgrade_gitlab { default upgrade; '' close; }
            server {
                listen 0.0.0.0:80 default_server;
                server_name gitlab.example.com;
                location / {
                    client_max_body_size 0;
                    proxy_read_timeout 300;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection $connection_upgrade_gitlab;
                    proxy_pass http://gitlab;
                }
            }
            """),
        Application(
            "Collabora: sockets by regular expressions; its own documentation leaves the version out",
            expected: ["5:9 warning ws-http-1.0"],
            """
            server {
                listen 80;
                location ^~ /browser { proxy_pass http://127.0.0.1:9980; proxy_set_header Host $http_host; }
                location ~ ^/cool/(.*)/ws$ {
                    proxy_pass http://127.0.0.1:9980;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "Upgrade";
                    proxy_set_header Host $http_host;
                    proxy_read_timeout 36000s;
                }
                location ~ ^/(c|l)ool { proxy_pass http://127.0.0.1:9980; proxy_set_header Host $http_host; }
            }
            """),
        Application(
            "A shop: pages, an API, PHP, and no WebSocket",
            """
            server {
                listen 80;
                server_name www.example.com;
                root /var/www;
                location / { try_files $uri $uri/ /index.html; }
                location /api/ { proxy_pass http://127.0.0.1:5000; proxy_set_header Host $host; }
                location ~ \\.php$ { fastcgi_pass unix:/run/php/php.sock; }
            }
            """),
        Application(
            "Nextcloud: one socket location beside PHP",
            """
            server {
                listen 80;
                server_name cloud.example.com;
                root /var/www/nextcloud;
                location ^~ /push/ {
                    proxy_pass http://127.0.0.1:7867/;
                    proxy_http_version 1.1;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "Upgrade";
                    proxy_set_header Host $host;
                }
                location ~ \\.php(?:$|/) { fastcgi_pass 127.0.0.1:9000; }
                location / { try_files $uri $uri/ /index.php$request_uri; }
            }
            """),
        Application(
            "Nginx Proxy Manager: a custom location forgets what the server sets",
            expected: ["11:9 error header-inheritance-reset"],
            """
            server {
                set $forward_scheme http;
                set $server "10.0.0.5";
                set $port 8096;
                listen 80;
                server_name jelly.example.com;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection $http_connection;
                proxy_http_version 1.1;
                location /custom/ws {
                    proxy_set_header Host $host;
                    proxy_set_header X-Forwarded-For $remote_addr;
                    proxy_pass http://10.0.0.6:9000;
                }
                location / {
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection $http_connection;
                    proxy_set_header Host $host;
                    proxy_pass $forward_scheme://$server:$port$request_uri;
                }
            }
            """),
        Application(
            "RStudio in a sub path: a slash too many, no Host",
            expected: ["5:9 warning proxy-pass-slash-mismatch", "5:9 warning ws-host-origin-mismatch"],
            """
            map $http_upgrade $connection_upgrade { default upgrade; '' close; }
            server { listen 80;
                rewrite ^/rstudio$ $scheme://$http_host/rstudio/ permanent;
                location /rstudio {
                    proxy_pass http://127.0.0.1:8787/;
                    proxy_redirect http://127.0.0.1:8787/ $scheme://$http_host/rstudio/;
                    proxy_http_version 1.1;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection $connection_upgrade;
                    proxy_read_timeout 20d;
                }
            }
            """),
    ]

    @Test("get the warnings that are right, and no others", arguments: applications)
    func precision(_ application: Application) throws {
        #expect(try Linting.all(in: application.configuration, from: .warning) == application.expected)
    }
}
